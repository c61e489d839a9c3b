package io.dioagent.runtime;

/**
 * Faults in memory that is a mapping whose file shrank. HotSpot lets the copy go on, and owes its
 * thread an {@link InternalError}: JDK 17 throws that only when the thread next comes back from the
 * VM to Java, which can be long after the copy was used (thread.cpp:
 * check_and_handle_async_exceptions).
 */
final class PendingFaults {
  /** No compiler knows it, so it cannot make the array without the VM. */
  private static volatile int zero;

  /** Nor can it leave it away. */
  @SuppressWarnings("unused")
  private static volatile Object unusedArray;

  private PendingFaults() {}

  /**
   * To be called between such a copy and its use. Goes to the VM and back: an array of arrays is
   * made there by the interpreter and by all compilers.
   *
   * @throws InternalError if there was a fault
   */
  static void tell() {
    unusedArray = new byte[zero][zero];
  }
}
