/**
 * Handles the application's opening, writing, forcing and closing of files: identifies the file,
 * decides whether it is tagged, and redirects its writes. Called in the application's threads, from
 * within the JDK.
 *
 * <p>Nothing here opens, writes or closes through a file channel, so no hook ever calls itself.
 * Nothing here uses lambdas either, because the JDK writes through file channels while it links
 * them.
 */
package io.dioagent.agent.hook;
