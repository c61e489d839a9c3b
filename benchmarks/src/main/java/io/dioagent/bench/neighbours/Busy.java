package io.dioagent.bench.neighbours;

import io.dioagent.bench.io.ProcessIo;
import java.io.IOException;

/**
 * The time of a neighbour: signals that it is busy when its lead has passed and it has written to
 * the device, and ends when the reader is done.
 */
final class Busy {
  private static final long NANOS_PER_LOOK = 20_000_000;

  private final long startNanos = System.nanoTime();
  private final long leadNanos;
  private final Signals signals;
  private final long deviceBytesBefore;
  private long lookedNanos = startNanos;
  private boolean said;

  Busy(long leadNanos, Signals signals) throws IOException {
    this.leadNanos = leadNanos;
    this.signals = signals;
    deviceBytesBefore = ProcessIo.self().deviceBytes();
  }

  /** Returns whether the reader is done. Cheap enough to call before each write. */
  boolean isOver() throws IOException {
    long now = System.nanoTime();
    if (now - lookedNanos < NANOS_PER_LOOK) {
      return false;
    }
    lookedNanos = now;
    if (!said && now - startNanos >= leadNanos && deviceBytes() > 0) {
      said = true;
      signals.set(Signals.Signal.BUSY);
    }
    return signals.isSet(Signals.Signal.DONE);
  }

  /** Returns the bytes that this process has written to the device since the start. */
  long deviceBytes() throws IOException {
    return ProcessIo.self().deviceBytes() - deviceBytesBefore;
  }

  /** Returns the time since the start. */
  long nanos() {
    return System.nanoTime() - startNanos;
  }
}
