package io.dioagent.runtime.testing;

/** One kind of operation on a runtime of its own, to be repeated. By one thread at a time. */
public interface AllocationRun extends AutoCloseable {
  /**
   * Does the operation once, and checks what it did if it succeeds.
   *
   * @throws Throwable of the operation, or an AssertionError
   */
  void once(int seed) throws Throwable;

  /** Null if all levels are back, else what is not. */
  String notSettled();

  /** What is in flight now, in a few words. */
  String inFlight();

  @Override
  void close();
}
