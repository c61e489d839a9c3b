/** Small unmodified applications, run by the integration tests. */
package io.dioagent.agent.apps;
