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
}
