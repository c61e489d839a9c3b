package io.dioagent.jmc.report;

import java.util.Arrays;
import java.util.List;

/**
 * Counts of durations in nanoseconds, 32 classes to each doubling, so that what it answers is true
 * within 2 %. Takes memory for the classes between the smallest and the largest only: thousands of
 * them are cheap.
 */
final class LogHistogram {
  private static final int SUB_BITS = 5;
  private static final int SUB_COUNT = 1 << SUB_BITS;

  private long[] counts = {};

  /** The class of counts[0]. */
  private int firstClass;

  private long count;
  private long sumNanos;
  private long maxNanos;

  void add(long nanos) {
    long value = Math.max(0, nanos);
    int index = classOf(value);
    grow(index);
    counts[index - firstClass]++;
    count++;
    sumNanos += value;
    maxNanos = Math.max(maxNanos, value);
  }

  private void grow(int index) {
    if (counts.length == 0) {
      firstClass = index;
      counts = new long[1];
    } else if (index < firstClass) {
      long[] grown = new long[counts.length + firstClass - index];
      System.arraycopy(counts, 0, grown, firstClass - index, counts.length);
      counts = grown;
      firstClass = index;
    } else if (index >= firstClass + counts.length) {
      counts = Arrays.copyOf(counts, index - firstClass + 1);
    }
  }

  /** Small values are their own class; of others the highest bit and the five below it count. */
  private static int classOf(long value) {
    int shift = Math.max(0, 63 - SUB_BITS - Long.numberOfLeadingZeros(value | 1));
    return shift * SUB_COUNT + (int) (value >>> shift);
  }

  private static long lowestOf(int index) {
    int shift = Math.max(0, index / SUB_COUNT - 1);
    return (long) (index - shift * SUB_COUNT) << shift;
  }

  long count() {
    return count;
  }

  long maxNanos() {
    return maxNanos;
  }

  long meanNanos() {
    return count == 0 ? 0 : sumNanos / count;
  }

  /** The duration that this share, 0 to 1, of all are not longer than; 0 if there are none. */
  long atShare(double share) {
    if (share >= 1) {
      return maxNanos;
    }
    long wanted = Math.max(1, (long) Math.ceil(share * count));
    long passed = 0;
    for (int i = 0; i < counts.length; i++) {
      passed += counts[i];
      if (passed >= wanted) {
        long low = lowestOf(firstClass + i);
        long high = lowestOf(firstClass + i + 1);
        return Math.min(maxNanos, low + (high - low) / 2);
      }
    }
    return maxNanos;
  }

  /**
   * The same in two classes to each doubling: from 2^n to 1.5 * 2^n nanoseconds is class 2n, from
   * there to 2^(n+1) is 2n+1.
   *
   * @param first the class that the first count is of
   */
  record Coarse(int first, List<Long> counts) {}

  Coarse coarse() {
    if (count == 0) {
      return new Coarse(0, List.of());
    }
    int first = coarseOf(lowestOf(firstClass));
    int last = coarseOf(lowestOf(firstClass + counts.length - 1));
    long[] sums = new long[last - first + 1];
    for (int i = 0; i < counts.length; i++) {
      sums[coarseOf(lowestOf(firstClass + i)) - first] += counts[i];
    }
    return new Coarse(first, Arrays.stream(sums).boxed().toList());
  }

  private static int coarseOf(long value) {
    int exponent = 63 - Long.numberOfLeadingZeros(value | 1);
    return exponent == 0 ? 0 : 2 * exponent + (int) (value >>> (exponent - 1) & 1);
  }
}
