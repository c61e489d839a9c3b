package io.dioagent.bench.neighbours;

import java.io.IOException;

/**
 * The time of a neighbour: signals that it is busy after its lead, and ends when the reader is
 * done.
 */
final class Busy {
  private static final long NANOS_PER_LOOK = 20_000_000;

  private final long startNanos = System.nanoTime();
  private final long leadNanos;
  private final Signals signals;
  private long lookedNanos = startNanos;
  private boolean said;

  Busy(long leadNanos, Signals signals) {
    this.leadNanos = leadNanos;
    this.signals = signals;
  }

  /** Returns whether the reader is done. Cheap enough to call before each write. */
  boolean isOver() throws IOException {
    long now = System.nanoTime();
    if (now - lookedNanos < NANOS_PER_LOOK) {
      return false;
    }
    lookedNanos = now;
    if (!said && now - startNanos >= leadNanos) {
      said = true;
      signals.set(Signals.Signal.BUSY);
    }
    return signals.isSet(Signals.Signal.DONE);
  }
}
