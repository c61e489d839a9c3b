/**
 * Inserts calls of {@code sun.nio.ch.DioHook} into a few methods of the JDK. Adds no members, so
 * that loaded classes can be woven and restored, too.
 */
package io.dioagent.agent.weave;
