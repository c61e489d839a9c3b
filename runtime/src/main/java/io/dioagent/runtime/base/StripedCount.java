package io.dioagent.runtime.base;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * A count that many threads change at once: each in one of several places, by its identity.
 * Thread-safe. Unlike a LongAdder it never allocates, so that it counts with a full heap too.
 */
public final class StripedCount {
  /** A power of two. */
  public static final int STRIPES = 16;

  /** Of longs, so that no two stripes share a cache line. */
  private static final int STRIDE = 8;

  private final AtomicLongArray counts = new AtomicLongArray(STRIPES * STRIDE);

  /**
   * The calling thread's stripe: its number among {@link #STRIPES}. By its identity, as its id and
   * its hash code are methods that an application's thread may have made its own.
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

  /** What was counted before the call, and perhaps some of what is counted during it. */
  public long sum() {
    long sum = 0;
    for (int i = 0; i < STRIPES; i++) {
      sum += counts.get(i * STRIDE);
    }
    return sum;
  }
}
