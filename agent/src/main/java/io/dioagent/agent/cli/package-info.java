/** The commands of {@code java -jar dio-agent.jar}. */
package io.dioagent.agent.cli;
