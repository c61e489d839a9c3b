package io.dioagent.runtime.base;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * A count that many threads change at once. Each thread changes one of several places, chosen by
 * its identity. Thread-safe. Unlike a LongAdder it never allocates, so it works with a full heap.
 */
public final class StripedCount {
  /** A power of two. */
  public static final int STRIPES = 16;

  /** In longs; keeps two stripes from sharing a cache line. */
  private static final int STRIDE = 8;

  private final AtomicLongArray counts = new AtomicLongArray(STRIPES * STRIDE);

  /**
   * Returns the calling thread's stripe, 0 to {@link #STRIPES} - 1. Uses its identity, because an
   * application's thread may override the methods for its id and its hash code.
   */
  public static int ofThread() {
    return System.identityHashCode(Thread.currentThread()) & (STRIPES - 1);
  }

  public void increment() {
    add(1);
  }

  public void add(long change) {
    counts.getAndAdd(ofThread() * STRIDE, change);
  }

  /** Returns the count before the call, perhaps with some of what is added during the call. */
  public long sum() {
    long sum = 0;
    for (int i = 0; i < STRIPES; i++) {
      sum += counts.get(i * STRIDE);
    }
    return sum;
  }
}
