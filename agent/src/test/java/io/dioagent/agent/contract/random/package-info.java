/**
 * Random operations by every API on one file, tagged and not: they make no difference, by one
 * thread or by several, and defects that are put into the agent do.
 */
package io.dioagent.agent.contract.random;
