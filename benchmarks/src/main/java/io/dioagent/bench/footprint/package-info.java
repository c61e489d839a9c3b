/** Measures the cost of an agent before main, beside no agent and other agents. */
package io.dioagent.bench.footprint;
