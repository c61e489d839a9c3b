/**
 * The engines that take I/Os to the device: Linux AIO, io_uring, or the runtime's own threads in
 * pwritev2(2). Fault injection and test doubles implement the same small interfaces. Uses {@code
 * api} and {@code linux}. Exported.
 */
package io.dioagent.runtime.engine;
