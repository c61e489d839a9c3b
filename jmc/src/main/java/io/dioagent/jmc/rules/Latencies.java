package io.dioagent.jmc.rules;

import java.util.Arrays;

/**
 * Durations of writes. A recording may have only the long ones; they are the upper end of the
 * sorted order, so the upper percentiles are still exact. Immutable.
 */
final class Latencies {
  private final long[] sortedNanos;
  private final long total;

  /**
   * Sorts durations.
   *
   * @param recordedNanos of the recorded writes, in any order
   * @param total the number of all writes, including shorter ones
   */
  Latencies(long[] recordedNanos, long total) {
    sortedNanos = recordedNanos.clone();
    Arrays.sort(sortedNanos);
    this.total = Math.max(total, sortedNanos.length);
  }

  /** Returns the number of all writes. */
  long total() {
    return total;
  }

  /** Returns the longest duration; 0 if none was recorded. */
  long mostNanos() {
    return sortedNanos.length == 0 ? 0 : sortedNanos[sortedNanos.length - 1];
  }

  /**
   * Returns the longest duration of the quickest share of all writes.
   *
   * @param share from 0 to 1
   * @return -1 if it is shorter than every recorded duration
   */
  long percentileNanos(double share) {
    long longer = (long) Math.floor(total * (1 - share));
    long at = sortedNanos.length - 1 - longer;
    return at < 0 ? -1 : sortedNanos[(int) at];
  }
}
