package io.dioagent.agent.hook;

import java.io.IOException;

/**
 * What is left of a file whose operations were given to the JDK while it is open.
 *
 * @param closed whether nothing of ours is open any more
 * @param failure what its close has to tell; null for nothing
 */
record Left(boolean closed, IOException failure) {
  static final Left GONE = new Left(true, null);
  static final Left KEPT = new Left(false, null);

  boolean needsHook() {
    return !closed || failure != null;
  }
}
