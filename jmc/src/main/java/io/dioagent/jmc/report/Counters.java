package io.dioagent.jmc.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Adds up a JVM's {@code RuntimeStatistics}: the amount written, including writes that JFR's
 * threshold keeps out of the recording, and the I/Os in flight.
 */
final class Counters {
  private final TimeGrid grid;
  private final List<Sample> samples = new ArrayList<>();
  private final double[] directBytesByTime;
  private final double[] bufferedBytesByTime;
  private final Long[] inFlightByTime;
  private long writes;
  private long directBytes;
  private long bufferedBytes;
  private long mostQuarantinedBytes;

  private record Sample(long atNanos, long writes, long direct, long buffered) {}

  Counters(TimeGrid grid) {
    this.grid = grid;
    directBytesByTime = new double[grid.buckets()];
    bufferedBytesByTime = new double[grid.buckets()];
    inFlightByTime = new Long[grid.buckets()];
  }

  void add(Row row, long atNanos) {
    samples.add(
        new Sample(
            atNanos, row.number("writes"), row.number("directBytes"), row.number("bufferedBytes")));
    int bucket = grid.bucket(atNanos);
    Long before = inFlightByTime[bucket];
    inFlightByTime[bucket] = Math.max(before == null ? 0 : before, row.number("inFlight"));
    mostQuarantinedBytes = Math.max(mostQuarantinedBytes, row.number("quarantinedBytes"));
  }

  /** Adds up the samples, which come in no order. To be called once, after the last one. */
  void end() {
    samples.sort(Comparator.comparingLong(Sample::atNanos));
    for (int i = 1; i < samples.size(); i++) {
      between(samples.get(i - 1), samples.get(i));
    }
  }

  private void between(Sample from, Sample to) {
    // If counters fall, another runtime has started, and its counters began at zero.
    boolean same = to.writes() >= from.writes() && to.direct() >= from.direct();
    long direct = to.direct() - (same ? from.direct() : 0);
    long buffered = Math.max(0, to.buffered() - (same ? from.buffered() : 0));
    writes += to.writes() - (same ? from.writes() : 0);
    directBytes += direct;
    bufferedBytes += buffered;
    grid.spread(directBytesByTime, from.atNanos(), to.atNanos(), direct);
    grid.spread(bufferedBytesByTime, from.atNanos(), to.atNanos(), buffered);
  }

  long writes() {
    return writes;
  }

  long directBytes() {
    return directBytes;
  }

  long bufferedBytes() {
    return bufferedBytes;
  }

  double[] directBytesByTime() {
    return directBytesByTime;
  }

  double[] bufferedBytesByTime() {
    return bufferedBytesByTime;
  }

  /** Returns the most native I/Os in flight in a sample, by bucket; null without a sample. */
  Long[] inFlightByTime() {
    return inFlightByTime;
  }

  /** Returns the most memory that lost requests held. */
  long mostQuarantinedBytes() {
    return mostQuarantinedBytes;
  }
}
