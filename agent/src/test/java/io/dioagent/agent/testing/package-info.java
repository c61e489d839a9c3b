/** Fresh JVMs for tests that run against the packaged agent. */
package io.dioagent.agent.testing;
