/**
 * A long random run of every way to write, while the application runs out of stack and heap, is
 * paused, interrupted and signalled. The same program runs with and without the agent.
 */
package io.dioagent.agent.host.soak;
