/** Puts the agent into a JVM, step by step, each of which can be undone. */
package io.dioagent.agent.install;
