/** What an agent costs a JVM before main, beside no agent and beside others. */
package io.dioagent.bench.footprint;
