/** What the agent may never do to the application that carries it. */
package io.dioagent.agent.host;
