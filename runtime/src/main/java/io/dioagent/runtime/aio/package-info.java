/**
 * The engine that takes I/Os to the device: Linux AIO, behind an interface small enough that fault
 * injection and broken variants can stand in front of it.
 */
package io.dioagent.runtime.aio;
