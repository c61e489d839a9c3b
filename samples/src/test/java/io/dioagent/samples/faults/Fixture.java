package io.dioagent.samples.faults;

/** Something of the machine's that a test has taken, and that is undone by closing. */
interface Fixture extends AutoCloseable {
  /**
   * Lets go of all I/O that it holds: nothing that is stuck on it can be undone before. All
   * fixtures are released before the first one is closed.
   */
  default void release() {}

  @Override
  void close();
}
