package io.dioagent.runtime;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Waiting that an interrupt does not end, as a write does not end by one. */
final class Waits {
  /** A time that does not pass. */
  static final long FOREVER_NANOS = TimeUnit.DAYS.toNanos(36_500);

  private Waits() {}

  /**
   * Waits for an event.
   *
   * @return false if the limit came first
   */
  static boolean await(CountDownLatch event, Limit limit) {
    boolean interrupted = false;
    try {
      while (event.getCount() > 0) {
        long left = limit.leftNanos();
        if (left <= 0) {
          return false;
        }
        try {
          boolean unused = event.await(left, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      return true;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
