package io.dioagent.runtime.jfr;

import io.dioagent.events.RuntimeStatistics;
import io.dioagent.runtime.api.Statistics;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/**
 * Records the counters, and their rates since the last record. Each is used by one thread only:
 * JFR's periodic one, or one that closes a runtime.
 */
final class JfrStatistics implements Runnable {
  private final Supplier<Statistics> source;
  private final IntSupplier oldInFlight;
  private Statistics previous;
  private long previousNanos;

  /**
   * Records counters.
   *
   * @param oldInFlight counts operations that {@link JfrInFlight} calls old
   */
  JfrStatistics(Supplier<Statistics> source, IntSupplier oldInFlight) {
    this.source = source;
    this.oldInFlight = oldInFlight;
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
    event.oldInFlight = oldInFlight.getAsInt();
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
