package io.dioagent.runtime.base;

import java.util.concurrent.TimeUnit;

/**
 * How long one thread waits for something: asked each time before that thread goes to sleep. The
 * thread keeps its place in the queue meanwhile.
 */
public interface Limit {
  /** Does not wait. */
  Limit NOW = () -> 0;

  /** Waits for as long as it takes. */
  Limit FOREVER = () -> TimeUnit.DAYS.toNanos(1);

  /** How long to sleep at most until this is asked again; 0 or less to give up. */
  long leftNanos();

  /** Waits until a point in time, by {@link System#nanoTime}. */
  static Limit until(long nanoTime) {
    return () -> nanoTime - System.nanoTime();
  }
}
