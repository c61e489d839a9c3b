package io.dioagent.samples.faults;

/** A resource of the machine that a test uses; closing undoes it. */
interface Fixture extends AutoCloseable {
  /**
   * Releases all I/O that it holds, because stuck fixtures cannot be undone. All fixtures are
   * released before the first one is closed.
   */
  default void release() {}

  @Override
  void close();
}
