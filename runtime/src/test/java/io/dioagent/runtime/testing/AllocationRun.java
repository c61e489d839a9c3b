package io.dioagent.runtime.testing;

/** One kind of operation on its own runtime, to be repeated. Used by one thread at a time. */
public interface AllocationRun extends AutoCloseable {
  /**
   * Does the operation once, and checks its effect if it succeeds.
   *
   * @throws Throwable of the operation, or an AssertionError
   */
  void once(int seed) throws Throwable;

  /** Returns null if all levels are back, otherwise those that are not. */
  String notSettled();

  /** Returns the operations in flight now, in a few words. */
  String inFlight();

  @Override
  void close();
}
