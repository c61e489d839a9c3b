package io.dioagent.runtime.memory;

import io.dioagent.runtime.api.WriteSource;
import java.nio.ByteBuffer;

/**
 * Faults in memory that maps a file which has shrunk. HotSpot continues the copy and throws an
 * {@link InternalError} later. JDK 17 throws it only when the thread next returns from the VM to
 * Java, which can be long after the copy was used (thread.cpp: check_and_handle_async_exceptions).
 */
public final class PendingFaults {
  /** Unknown to any compiler, so it cannot make the array without the VM. */
  private static volatile int zero;

  /** Keeps a compiler from leaving the array out. */
  @SuppressWarnings("unused")
  private static volatile Object unusedArray;

  private PendingFaults() {}

  /**
   * As {@link WriteSource#copyTo}, but throws a pending fault before the copy can be used.
   *
   * @throws InternalError if there was a fault
   */
  public static void copy(WriteSource source, long offset, ByteBuffer destination) {
    source.copyTo(offset, destination);
    // To the VM and back: the interpreter and all compilers make an array of arrays there.
    unusedArray = new byte[zero][zero];
  }
}
