/**
 * The resources of each device (lanes, threads, shares of memory) with what one runtime shares:
 * watchdog, counters, events. Uses {@code api}, {@code base}, {@code engine} and {@code memory}.
 * Not exported.
 */
package io.dioagent.runtime.device;
