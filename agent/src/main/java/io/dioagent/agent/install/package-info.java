/** Installs the agent in a JVM, in steps that can each be undone. */
package io.dioagent.agent.install;
