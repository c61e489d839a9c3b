package io.dioagent.runtime.api;

import java.io.IOException;

/** A write that the caller makes itself, by its own system call. */
public interface CallerWrite {
  /**
   * Makes the write.
   *
   * @return bytes written; a negative number for none and no error
   */
  long run() throws IOException;
}
