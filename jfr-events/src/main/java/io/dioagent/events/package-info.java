/**
 * What the runtime and the agent tell in JFR recordings. Event names, field names and units are an
 * interface: pages, rules and other people's scripts read them.
 *
 * <p>Common to all: {@code requestId} relates events of one request, {@code path}, {@code offset}
 * and {@code length} say where, amounts are in bytes and times in nanoseconds. An ending has three
 * fields: {@code result} is bytes (0 on an error, so that sums are right), {@code errno} is 0 or a
 * positive errno(3), {@code errnoName} its name.
 */
package io.dioagent.events;
