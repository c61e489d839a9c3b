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
}
