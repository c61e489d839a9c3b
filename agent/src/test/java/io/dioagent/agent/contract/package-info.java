/**
 * The contract with applications: a channel on a tagged file behaves as without the agent. Each
 * test here runs an application in separate JVMs, against the packaged agent.
 */
package io.dioagent.agent.contract;
