package io.dioagent.jmc.report;

import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The time axis, divided into at most a few hundred equal buckets that all JVMs share.
 *
 * @param relative whether each JVM's time begins with its own recording. This is so if the JVMs ran
 *     so far from each other that a common axis would be mostly empty
 * @param originNanos since the epoch; 0 if relative
 * @param widthNanos width of a bucket
 * @param buckets number of buckets
 */
record TimeGrid(boolean relative, long originNanos, long widthNanos, int buckets) {
  /** The axis gets the smallest width that needs no more buckets. */
  private static final int MAX_BUCKETS = 300;

  private static final long[] WIDTHS_MILLIS = {
    10,
    20,
    50,
    100,
    200,
    500,
    1_000,
    2_000,
    5_000,
    10_000,
    15_000,
    30_000,
    60_000,
    120_000,
    300_000,
    600_000,
    900_000,
    1_800_000,
    3_600_000,
    7_200_000,
    21_600_000,
    43_200_000,
    86_400_000
  };

  static TimeGrid over(List<RecordedJvm> jvms) {
    long start = jvms.stream().mapToLong(RecordedJvm::startNanos).min().orElseThrow();
    long end = jvms.stream().mapToLong(RecordedJvm::endNanos).max().orElseThrow();
    long recorded = jvms.stream().mapToLong(TimeGrid::durationNanos).sum();
    long longest = jvms.stream().mapToLong(TimeGrid::durationNanos).max().orElseThrow();
    boolean relative = jvms.size() > 1 && recorded < (end - start) / 2;
    long span = Math.max(1, relative ? longest : end - start);
    long width = widthFor(span);
    // At least two, because an axis needs a length.
    int buckets = (int) Math.max(2, (span - 1) / width + 1);
    return new TimeGrid(relative, relative ? 0 : start, width, buckets);
  }

  private static long durationNanos(RecordedJvm jvm) {
    return jvm.endNanos() - jvm.startNanos();
  }

  private static long widthFor(long spanNanos) {
    for (long millis : WIDTHS_MILLIS) {
      long width = TimeUnit.MILLISECONDS.toNanos(millis);
      if (spanNanos <= width * MAX_BUCKETS) {
        return width;
      }
    }
    return (spanNanos - 1) / MAX_BUCKETS + 1;
  }

  /** Returns the place of a JVM's time on this axis, in nanoseconds from its beginning. */
  long at(RecordedJvm jvm, long epochNanos) {
    return epochNanos - (relative ? jvm.startNanos() : originNanos);
  }

  /** Returns the bucket of a time; times outside belong to the first or the last. */
  int bucket(long atNanos) {
    return (int) Math.max(0, Math.min(buckets - 1, atNanos / widthNanos));
  }

  /** Distributes an amount over the buckets of its time, in proportion to the time in each. */
  void spread(double[] sums, long fromNanos, long toNanos, long amount) {
    int first = bucket(fromNanos);
    int last = bucket(toNanos);
    if (first == last) {
      sums[first] += amount;
      return;
    }
    // The part before the beginning of the axis is left out.
    double length = toNanos - fromNanos;
    for (int i = first; i <= last; i++) {
      long from = Math.max(fromNanos, i * widthNanos);
      long to = Math.min(toNanos, (i + 1) * widthNanos);
      sums[i] += Math.max(0, to - from) / length * amount;
    }
  }

  double bucketSeconds() {
    return widthNanos / 1e9;
  }
}
