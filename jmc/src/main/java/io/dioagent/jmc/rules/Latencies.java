package io.dioagent.jmc.rules;

import java.util.Arrays;

/**
 * Durations of writes, of which a recording may have the long ones only: they are the end of the
 * order of all, so that the upper percentiles are known all the same. Immutable.
 */
final class Latencies {
  private final long[] sortedNanos;
  private final long total;

  /**
   * Durations.
   *
   * @param recordedNanos of those that were recorded, in any order
   * @param total how many there were, the shorter ones too
   */
  Latencies(long[] recordedNanos, long total) {
    sortedNanos = recordedNanos.clone();
    Arrays.sort(sortedNanos);
    this.total = Math.max(total, sortedNanos.length);
  }

  /** How many there were. */
  long total() {
    return total;
  }

  /** The longest; 0 if none was recorded. */
  long mostNanos() {
    return sortedNanos.length == 0 ? 0 : sortedNanos[sortedNanos.length - 1];
  }

  /**
   * What a share of all took at most.
   *
   * @param share from 0 to 1
   * @return -1 if that is shorter than what was recorded
   */
  long percentileNanos(double share) {
    long longer = (long) Math.floor(total * (1 - share));
    long at = sortedNanos.length - 1 - longer;
    return at < 0 ? -1 : sortedNanos[(int) at];
  }
}
