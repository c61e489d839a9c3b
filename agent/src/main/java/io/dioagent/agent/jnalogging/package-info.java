/** Silent logging for the agent's copy of JNA, into whose module it is packaged. */
package io.dioagent.agent.jnalogging;
