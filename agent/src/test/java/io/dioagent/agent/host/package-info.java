/** Tests of the guarantees to the application that runs with the agent. */
package io.dioagent.agent.host;
