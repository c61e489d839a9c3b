/** Applications that are killed while they write, and what is in their files then. */
package io.dioagent.agent.kill;
