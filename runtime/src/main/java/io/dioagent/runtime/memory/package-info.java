/**
 * Native memory within a bound: the buffer pool, its buffers, and memory that callers fill. Uses
 * {@code api}, {@code base} and {@code linux}. Not exported.
 */
package io.dioagent.runtime.memory;
