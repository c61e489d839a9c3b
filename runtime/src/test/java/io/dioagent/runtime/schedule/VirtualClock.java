package io.dioagent.runtime.schedule;

/** The clock that schedules see. Fray replaces calls of the real one, but no reference to it. */
public final class VirtualClock {
  private VirtualClock() {}

  /** As {@link System#nanoTime}, of which Fray has replaced this call. */
  public static long nanoTime() {
    return System.nanoTime();
  }
}
