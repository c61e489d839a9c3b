/** Checks the files of applications that are killed while they write. */
package io.dioagent.agent.kill;
