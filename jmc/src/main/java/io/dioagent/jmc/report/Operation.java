package io.dioagent.jmc.report;

import java.util.Arrays;

/** The writes, reads or forces of one JVM: their number, bytes and durations. */
final class Operation {
  private final TimeGrid grid;
  private final Durations durations = new Durations();
  private final Durations[] durationsByTime;
  private final double[] busyNanos;
  private final double[] directBytes;
  private final double[] bufferedBytes;
  private long allDirectBytes;
  private long allBufferedBytes;
  private long unendedNanos;
  private int unendedBucket = -1;

  Operation(TimeGrid grid) {
    this.grid = grid;
    durationsByTime = new Durations[grid.buckets()];
    busyNanos = new double[grid.buckets()];
    directBytes = new double[grid.buckets()];
    bufferedBytes = new double[grid.buckets()];
  }

  /** Adds an operation that ended, by its begin and end on the axis. */
  void add(long fromNanos, long toNanos, long direct, long buffered) {
    long duration = toNanos - fromNanos;
    int bucket = grid.bucket(toNanos);
    durations.add(duration);
    if (durationsByTime[bucket] == null) {
      durationsByTime[bucket] = new Durations();
    }
    durationsByTime[bucket].add(duration);
    grid.spread(busyNanos, fromNanos, toNanos, duration);
    grid.spread(directBytes, fromNanos, toNanos, direct);
    grid.spread(bufferedBytes, fromNanos, toNanos, buffered);
    allDirectBytes += direct;
    allBufferedBytes += buffered;
  }

  /** Adds one that had not ended, by its age then. */
  void addUnended(long ageNanos, long atNanos) {
    if (ageNanos > unendedNanos) {
      unendedNanos = ageNanos;
      unendedBucket = grid.bucket(atNanos);
    }
  }

  /** Returns the longest age of one that had not ended; 0 if all had. */
  long unendedNanos() {
    return unendedNanos;
  }

  Durations durations() {
    return durations;
  }

  long count() {
    return durations.count();
  }

  long directBytes() {
    return allDirectBytes;
  }

  long bufferedBytes() {
    return allBufferedBytes;
  }

  double[] directBytesByTime() {
    return directBytes;
  }

  double[] bufferedBytesByTime() {
    return bufferedBytes;
  }

  /** Returns the mean number under way at once, by bucket. */
  double[] meanUnderWay() {
    return Arrays.stream(busyNanos).map(nanos -> nanos / grid.widthNanos()).toArray();
  }

  /** Returns a percentile by bucket; null where no operation ended. */
  Long[] atShareByTime(double share) {
    Long[] all =
        Arrays.stream(durationsByTime)
            .map(some -> some == null ? null : (Long) some.atShare(share))
            .toArray(Long[]::new);
    if (share >= 1 && unendedBucket >= 0) { // The slowest one is not among those that ended.
      Long ended = all[unendedBucket];
      all[unendedBucket] = Math.max(ended == null ? 0 : ended, unendedNanos);
    }
    return all;
  }
}
