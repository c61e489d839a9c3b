package io.dioagent.runtime.jfr;

import io.dioagent.events.RuntimeStatistics;
import io.dioagent.runtime.api.Statistics;
import java.util.function.Supplier;

/**
 * Records the counters, and their rates since the last record. Used only by JFR's periodic thread.
 */
final class JfrStatistics implements Runnable {
  private final Supplier<Statistics> source;
  private Statistics previous;
  private long previousNanos;

  JfrStatistics(Supplier<Statistics> source) {
    this.source = source;
  }

  @Override
  public void run() {
    Statistics now = source.get();
    long nowNanos = System.nanoTime();
    RuntimeStatistics event = new RuntimeStatistics();
    event.writes = now.writes();
    event.directBytes = now.directBytes();
    event.bufferedBytes = now.bufferedBytes();
    event.errors = JfrFields.clamped(now.errors());
    event.lost = JfrFields.clamped(now.lost());
    event.late = JfrFields.clamped(now.late());
    event.notStarted = JfrFields.clamped(now.notStarted());
    event.duplicates = JfrFields.clamped(now.duplicates());
    event.unknown = JfrFields.clamped(now.unknown());
    event.collisions = JfrFields.clamped(now.collisions());
    event.inFlight = now.inFlight();
    event.quarantinedBytes = now.quarantinedBytes();
    event.bufferBytes = now.bufferBytes();
    event.openFiles = now.openFiles();
    if (previous != null) {
      double seconds = Math.max(nowNanos - previousNanos, 1) / 1e9;
      event.writesPerSecond =
          JfrFields.clamped(Math.round((now.writes() - previous.writes()) / seconds));
      event.directBytesPerSecond =
          Math.round((now.directBytes() - previous.directBytes()) / seconds);
      event.bufferedBytesPerSecond =
          Math.round((now.bufferedBytes() - previous.bufferedBytes()) / seconds);
    }
    event.commit();
    previous = now;
    previousNanos = nowNanos;
  }
}
