/**
 * The public API of the direct-I/O runtime: the facade that opens files and queues, over all other
 * packages except {@code dio}, {@code plan}, {@code fault} and {@code jfr}. Exported.
 */
package io.dioagent.runtime;
