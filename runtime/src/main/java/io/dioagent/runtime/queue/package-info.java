/**
 * Asynchronous writes of whole blocks from aligned memory, by a queue of one thread. Uses {@code
 * write}, {@code file} and all packages below these, except {@code fault}. Not exported.
 */
package io.dioagent.runtime.queue;
