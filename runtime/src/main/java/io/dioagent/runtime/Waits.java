package io.dioagent.runtime;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Waiting that an interrupt does not end, as a write does not end by one. */
final class Waits {
  /** A time that does not pass. */
  static final long FOREVER_NANOS = TimeUnit.DAYS.toNanos(36_500);

  private Waits() {}

  /** A point in time, by {@link System#nanoTime}, that does not come. */
  static long forever() {
    return System.nanoTime() + FOREVER_NANOS;
  }

  /**
   * Waits for a permit until a point in time.
   *
   * @return false if the time came first
   */
  static boolean acquire(Semaphore permits, long untilNanoTime) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          long left = Math.max(0, untilNanoTime - System.nanoTime());
          return permits.tryAcquire(left, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
