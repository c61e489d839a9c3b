/**
 * The engines that take I/Os to the device: Linux AIO, io_uring, or threads of our own in
 * pwritev2(2), behind an interface small enough that fault injection and broken variants can stand
 * in front of it.
 */
package io.dioagent.runtime.engine;
