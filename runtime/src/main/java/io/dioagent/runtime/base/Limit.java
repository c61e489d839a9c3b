package io.dioagent.runtime.base;

import java.util.concurrent.TimeUnit;

/**
 * Limits how long one thread waits. The thread calls it each time before it goes to sleep, and
 * keeps its place in the queue meanwhile.
 */
public interface Limit {
  /** Does not wait. */
  Limit NOW = () -> 0;

  /** Waits for as long as it takes. */
  Limit FOREVER = () -> TimeUnit.DAYS.toNanos(1);

  /** Returns the longest time to sleep before the next call; 0 or less to give up. */
  long leftNanos();

  /** Returns a limit that waits until a point in time, by {@link System#nanoTime}. */
  static Limit until(long nanoTime) {
    return () -> nanoTime - System.nanoTime();
  }
}
