/** The rows of the table. Each compares the agent or the runtime with one peer. */
package io.dioagent.bench.row;
