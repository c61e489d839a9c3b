package io.dioagent.jmc.report;

import java.util.Arrays;
import java.util.List;
import org.HdrHistogram.HistogramIterationValue;
import org.HdrHistogram.PackedHistogram;

/**
 * Durations of operations, in nanoseconds. Percentiles are accurate to 1 %. An instance takes
 * little memory, so that there can be thousands: one for each file and each bucket of time.
 */
final class Durations {
  private static final int SIGNIFICANT_DIGITS = 2;

  /** Longer durations count as this one: the histogram supports half of all longs. */
  private static final long LONGEST_NANOS = Long.MAX_VALUE / 4;

  private final PackedHistogram histogram = new PackedHistogram(SIGNIFICANT_DIGITS);
  private long maxNanos;

  void add(long nanos) {
    long value = Math.max(0, nanos);
    histogram.recordValue(Math.min(value, LONGEST_NANOS));
    maxNanos = Math.max(maxNanos, value);
  }

  long count() {
    return histogram.getTotalCount();
  }

  long maxNanos() {
    return maxNanos;
  }

  long meanNanos() {
    return count() == 0 ? 0 : Math.round(histogram.getMean());
  }

  /** Returns the longest duration of the quickest share, 0 to 1, of all; 0 if there are none. */
  long atShare(double share) {
    return share >= 1 ? maxNanos : Math.min(maxNanos, histogram.getValueAtPercentile(100 * share));
  }

  /**
   * Counts in two classes for each doubling. Class 2n is from 2^n to 1.5 * 2^n nanoseconds, class
   * 2n+1 from there to 2^(n+1).
   *
   * @param first the class of the first count
   */
  record Coarse(int first, List<Long> counts) {}

  Coarse coarse() {
    if (count() == 0) {
      return new Coarse(0, List.of());
    }
    int first = coarseOf(histogram.getMinValue());
    int last = coarseOf(histogram.getMaxValue());
    long[] sums = new long[last - first + 1];
    for (HistogramIterationValue some : histogram.recordedValues()) {
      sums[coarseOf(some.getValueIteratedTo()) - first] += some.getCountAtValueIteratedTo();
    }
    return new Coarse(first, Arrays.stream(sums).boxed().toList());
  }

  /** Returns a value's class. The histogram's own classes are finer, and none crosses a border. */
  private static int coarseOf(long value) {
    int exponent = 63 - Long.numberOfLeadingZeros(value | 1);
    return exponent == 0 ? 0 : 2 * exponent + (int) (value >>> (exponent - 1) & 1);
  }
}
