/**
 * The contract with applications: what a channel on a tagged file does is what it does without the
 * agent. Each test here runs an application in JVMs of its own, against the packaged agent.
 */
package io.dioagent.agent.contract;
