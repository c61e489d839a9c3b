/**
 * What happens when an application opens, writes, forces or closes a file: which file it is,
 * whether it is tagged, and where its writes go. Called in the application's threads, from within
 * the JDK.
 *
 * <p>Nothing here opens, writes or closes through a file channel, so no hook ever calls itself; and
 * nothing here uses lambdas, for the JDK writes through file channels while it links those.
 */
package io.dioagent.agent.hook;
