package io.dioagent.agent.hook;

import io.dioagent.agent.options.TagRule;
import java.io.IOException;

/** Makes targets. */
interface Targets {
  /**
   * Takes on an open descriptor.
   *
   * @throws IOException if it cannot be taken on: the message says what kind of file it is
   */
  Target adopt(int number, TagRule rule) throws IOException;

  /**
   * Copies what a descriptor has, from its offset on, to that of a tagged file, or leaves it or the
   * rest to the JDK: both offsets then stand where it has to go on. By default, all of it.
   *
   * @throws IOException if that failed
   */
  default void copy(int to, int from, TagRule rule) throws IOException {}

  /** Whether writes that have returned may not be in their files yet. Costs next to nothing. */
  default boolean hasPending() {
    return false;
  }

  /** Waits until what was written to a descriptor's file by this process is in it. */
  default void settle(int number) {}

  /**
   * Waits until what was written to a file by this process is in it.
   *
   * @param path null for any file
   */
  default void settlePath(String path) {}

  /**
   * From now on writes to a descriptor's file return when they are in it, until that is closed.
   *
   * @return null if it cannot be taken on: it is no file on a disk
   */
  default AutoCloseable keepSynchronous(int number) {
    return null;
  }
}
