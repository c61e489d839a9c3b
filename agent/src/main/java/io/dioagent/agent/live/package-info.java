/** Reports the agent's state while it runs: by {@code status}, and by JMX. */
package io.dioagent.agent.live;
