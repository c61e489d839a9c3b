package io.dioagent.runtime.memory;

import io.dioagent.runtime.api.WriteSource;
import java.nio.ByteBuffer;

/**
 * Faults in memory that is a mapping whose file shrank. HotSpot lets the copy go on, and owes its
 * thread an {@link InternalError}: JDK 17 throws that only when the thread next comes back from the
 * VM to Java, which can be long after the copy was used (thread.cpp:
 * check_and_handle_async_exceptions).
 */
public final class PendingFaults {
  /** No compiler knows it, so it cannot make the array without the VM. */
  private static volatile int zero;

  /** Nor can it leave it away. */
  @SuppressWarnings("unused")
  private static volatile Object unusedArray;

  private PendingFaults() {}

  /**
   * As {@link WriteSource#copyTo}, but what is owed is thrown before the copy can be used.
   *
   * @throws InternalError if there was a fault
   */
  public static void copy(WriteSource source, long offset, ByteBuffer destination) {
    source.copyTo(offset, destination);
    // To the VM and back: the interpreter and all compilers have an array of arrays made there.
    unusedArray = new byte[zero][zero];
  }
}
