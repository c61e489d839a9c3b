package io.dioagent.jmc.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What a JVM's {@code RuntimeStatistics} tell: how much was written even where JFR's threshold kept
 * the single writes out of the recording, and how much was in flight.
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

  /** To be called once, when all are added: they come in no order. */
  void end() {
    samples.sort(Comparator.comparingLong(Sample::atNanos));
    for (int i = 1; i < samples.size(); i++) {
      between(samples.get(i - 1), samples.get(i));
    }
  }

  private void between(Sample from, Sample to) {
    // Counters that fall are those of another runtime, which began at zero.
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

  /** The most native I/Os in flight that a sample saw; null where there was none. */
  Long[] inFlightByTime() {
    return inFlightByTime;
  }

  /** The most memory that requests told lost held. */
  long mostQuarantinedBytes() {
    return mostQuarantinedBytes;
  }
}
