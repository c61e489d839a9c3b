/** What the agent tells of itself while it runs: by {@code status}, and by JMX. */
package io.dioagent.agent.live;
