package io.dioagent.agent.contract.random;

import java.io.Closeable;
import java.io.IOException;

/** Something that is kept open on the file over many operations. Not thread-safe. */
interface Held extends Closeable {
  /** All of its state that an application can see. */
  String state() throws IOException;
}
