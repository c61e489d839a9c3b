/** The public API of the direct-I/O runtime. */
package io.dioagent.runtime;
