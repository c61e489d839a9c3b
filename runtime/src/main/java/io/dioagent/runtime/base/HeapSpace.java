package io.dioagent.runtime.base;

/** How much of the Java heap is left. Allocates nothing. */
public final class HeapSpace {
  /**
   * Below this part of the heap, one collection follows the other, and threads of this process wait
   * for them: a wait of which no one can say that it is the device's counts as this process's own.
   */
  private static final int SCARCE_PART = 16;

  private HeapSpace() {}

  /** Whether the heap is full, or nearly. */
  public static boolean isScarce() {
    Runtime jvm = Runtime.getRuntime();
    long most = jvm.maxMemory();
    return most - jvm.totalMemory() + jvm.freeMemory() < most / SCARCE_PART;
  }
}
