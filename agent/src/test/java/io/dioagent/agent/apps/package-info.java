/** Small applications that know nothing of the agent, run by the integration tests. */
package io.dioagent.agent.apps;
