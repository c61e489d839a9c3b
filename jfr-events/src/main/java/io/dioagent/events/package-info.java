/**
 * The JFR events of the runtime and the agent. Event names, field names and units are an interface:
 * pages, rules and other people's scripts read them.
 *
 * <p>Common to all: {@code requestId} relates events of one request; {@code path}, {@code offset}
 * and {@code length} give the place; amounts are in bytes, times in nanoseconds. The end of a
 * request has three fields: {@code result} in bytes (0 on an error, so that sums are right), {@code
 * errno} (0 or a positive errno(3)) and {@code errnoName}.
 */
package io.dioagent.events;
