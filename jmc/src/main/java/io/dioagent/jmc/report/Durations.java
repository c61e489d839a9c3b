package io.dioagent.jmc.report;

import java.util.Arrays;
import java.util.List;
import org.HdrHistogram.HistogramIterationValue;
import org.HdrHistogram.PackedHistogram;

/**
 * How long operations took, in nanoseconds: what is told of shares is true within 1 %. Takes little
 * memory, so that thousands of them, for each file and each piece of time, are cheap.
 */
final class Durations {
  private static final int SIGNIFICANT_DIGITS = 2;

  /** Years. The histogram goes no further than half of all longs. */
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

  /** The duration that this share, 0 to 1, of all are not longer than; 0 if there are none. */
  long atShare(double share) {
    return share >= 1 ? maxNanos : Math.min(maxNanos, histogram.getValueAtPercentile(100 * share));
  }

  /**
   * The counts in two classes to each doubling: from 2^n to 1.5 * 2^n nanoseconds is class 2n, from
   * there to 2^(n+1) is 2n+1.
   *
   * @param first the class that the first count is of
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

  /** The histogram's own classes are finer, and none crosses a border of these. */
  private static int coarseOf(long value) {
    int exponent = 63 - Long.numberOfLeadingZeros(value | 1);
    return exponent == 0 ? 0 : 2 * exponent + (int) (value >>> (exponent - 1) & 1);
  }
}
