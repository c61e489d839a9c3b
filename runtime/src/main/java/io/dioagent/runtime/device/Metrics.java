package io.dioagent.runtime.device;

import io.dioagent.runtime.api.Errno;
import io.dioagent.runtime.api.Measurements;
import io.dioagent.runtime.base.Origin;
import io.dioagent.runtime.base.RecentDurations;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/** The numbers behind {@link Measurements}. Thread-safe. Counting allocates nothing. */
public final class Metrics {
  /** Errors with another number are counted as number 0. */
  private static final int ERRNOS = 256;

  private final AtomicLong stalls = new AtomicLong();
  private final AtomicLong failedForces = new AtomicLong();
  private final AtomicLongArray errors = new AtomicLongArray(ERRNOS);
  private final RecentDurations writes = new RecentDurations();
  private final RecentDurations forces = new RecentDurations();
  private final Map<String, Meter> meters = new ConcurrentSkipListMap<>();

  Metrics() {}

  /** Returns the meter of a group, which is made if there is none. */
  public Meter meter(String group) {
    return meters.computeIfAbsent(group, none -> new Meter());
  }

  /** Counts a submission that did not return at once. */
  public void stalled() {
    stalls.incrementAndGet();
  }

  /** Adds the duration of a write request that has ended. */
  public void wrote(Origin origin) {
    long now = System.nanoTime();
    writes.add(now - origin.startNanoTime(), now);
  }

  /** Counts a force that has ended with 0 or a negative errno. */
  public void forced(Origin origin, long result) {
    long now = System.nanoTime();
    forces.add(now - origin.startNanoTime(), now);
    if (result < 0) {
      failedForces.incrementAndGet();
      failed(result);
    }
  }

  /** Counts an error: a negative errno. */
  void failed(long result) {
    errors.getAndIncrement(result < 0 && result > -ERRNOS ? (int) -result : 0);
  }

  /** Returns the numbers as they are now. */
  public Measurements measurements() {
    long now = System.nanoTime();
    Map<String, Long> byName = new TreeMap<>();
    for (int errno = 0; errno < ERRNOS; errno++) {
      long count = errors.get(errno);
      if (count > 0) {
        byName.merge(Errno.name(errno), count, Long::sum);
      }
    }
    List<Measurements.Group> groups = new ArrayList<>();
    meters.forEach(
        (name, meter) ->
            groups.add(new Measurements.Group(name, meter.directBytes(), meter.bufferedBytes())));
    return new Measurements(
        stalls.get(),
        failedForces.get(),
        byName,
        latency(writes.snapshot(now)),
        latency(forces.snapshot(now)),
        groups);
  }

  private static Measurements.Latency latency(RecentDurations.Snapshot durations) {
    return new Measurements.Latency(
        durations.count(),
        durations.atShare(0.5),
        durations.atShare(0.99),
        durations.atShare(0.999),
        durations.maxNanos());
  }
}
