/**
 * Inserts calls of {@code DioCalls} and {@code DioNotices} into a few methods of the JDK. Adds no
 * members, so that loaded classes can be woven and restored, too.
 */
package io.dioagent.agent.weave;
