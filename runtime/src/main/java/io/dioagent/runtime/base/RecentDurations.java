package io.dioagent.runtime.base;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Durations of the last minute, in classes that are at most an eighth wide. Thread-safe, without a
 * lock; allocates nothing when a duration is added. Of the durations that are added while a period
 * begins, some may be lost.
 */
public final class RecentDurations {
  private static final long PERIOD_NANOS = TimeUnit.SECONDS.toNanos(10);

  /** Six whole periods, and the current one. */
  private static final int PERIODS = 7;

  /** Classes for each doubling: a power of two. */
  private static final int PARTS = 8;

  private static final int PARTS_LOG = 3;
  private static final int CLASSES = (64 - PARTS_LOG) * PARTS;

  private final AtomicLongArray counts = new AtomicLongArray(PERIODS * CLASSES);
  private final AtomicLongArray longest = new AtomicLongArray(PERIODS);

  /** The number of the period that a place holds. */
  private final AtomicLongArray numbers = new AtomicLongArray(PERIODS);

  /** Makes one without durations. */
  public RecentDurations() {
    for (int i = 0; i < PERIODS; i++) {
      numbers.set(i, Long.MIN_VALUE);
    }
  }

  /**
   * Adds a duration.
   *
   * @param nowNanos by {@link System#nanoTime}
   */
  public void add(long nanos, long nowNanos) {
    long duration = Math.max(0, nanos);
    long number = Math.floorDiv(nowNanos, PERIOD_NANOS);
    int place = (int) Math.floorMod(number, (long) PERIODS);
    long before = numbers.get(place);
    if (before != number && numbers.compareAndSet(place, before, number)) {
      clear(place);
    }
    counts.getAndIncrement(place * CLASSES + classOf(duration));
    long max = longest.get(place);
    while (duration > max && !longest.compareAndSet(place, max, duration)) {
      max = longest.get(place);
    }
  }

  private void clear(int place) {
    longest.set(place, 0);
    for (int i = 0; i < CLASSES; i++) {
      counts.set(place * CLASSES + i, 0);
    }
  }

  /** The durations up to now. */
  public Snapshot snapshot(long nowNanos) {
    long[] sums = new long[CLASSES];
    long max = 0;
    long now = Math.floorDiv(nowNanos, PERIOD_NANOS);
    for (int place = 0; place < PERIODS; place++) {
      long age = now - numbers.get(place);
      if (age >= 0 && age < PERIODS) {
        max = Math.max(max, longest.get(place));
        for (int i = 0; i < CLASSES; i++) {
          sums[i] += counts.get(place * CLASSES + i);
        }
      }
    }
    return new Snapshot(sums, max);
  }

  /** Durations at a point in time. Not changed any more. */
  public static final class Snapshot {
    private final long[] sums;
    private final long maxNanos;
    private final long count;

    private Snapshot(long[] sums, long maxNanos) {
      this.sums = sums;
      this.maxNanos = maxNanos;
      long all = 0;
      for (long sum : sums) {
        all += sum;
      }
      count = all;
    }

    /** Returns the number of durations. */
    public long count() {
      return count;
    }

    /** Returns the longest; 0 if there are none. */
    public long maxNanos() {
      return maxNanos;
    }

    /**
     * Returns the longest duration of the quickest share, 0 to 1, of all, or up to an eighth more;
     * 0 if there are none.
     */
    public long atShare(double share) {
      long rank = (long) Math.ceil(share * count);
      long seen = 0;
      for (int i = 0; i < sums.length; i++) {
        seen += sums[i];
        if (seen >= rank && seen > 0) {
          return Math.min(maxNanos, lastOf(i));
        }
      }
      return 0;
    }
  }

  /** Values below {@link #PARTS} have a class each; each doubling above has {@link #PARTS}. */
  static int classOf(long nanos) {
    if (nanos < PARTS) {
      return (int) nanos;
    }
    int exponent = 63 - Long.numberOfLeadingZeros(nanos);
    int part = (int) (nanos >>> (exponent - PARTS_LOG)) & (PARTS - 1);
    return (exponent - PARTS_LOG + 1) * PARTS + part;
  }

  /** Returns the largest value of a class. */
  static long lastOf(int ofClass) {
    if (ofClass < PARTS) {
      return ofClass;
    }
    int shift = ofClass / PARTS - 1;
    long first = (long) (PARTS + ofClass % PARTS) << shift;
    return first + (1L << shift) - 1;
  }
}
