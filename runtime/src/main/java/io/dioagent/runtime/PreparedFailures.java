package io.dioagent.runtime;

import java.io.IOException;

/**
 * Exceptions for where there is no memory to make one: made as this class is initialised, which the
 * runtime's start does. They are shared, and say nothing of the operation.
 */
final class PreparedFailures {
  private static final IOException OUT_OF_MEMORY =
      new IOException(
          "the Java heap was full: the operation was not done, or not to its end",
          new OutOfMemoryError("Java heap space"));

  private PreparedFailures() {}

  /** Has them made. */
  static void prepare() {}

  /** Of an operation that failed for want of heap, whose caller takes no Error. */
  static IOException outOfMemory() {
    return OUT_OF_MEMORY;
  }
}
