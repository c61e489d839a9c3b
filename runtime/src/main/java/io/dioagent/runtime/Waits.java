package io.dioagent.runtime;

import java.util.concurrent.CountDownLatch;
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

  /** The one of two points in time that comes first. */
  static long earlier(long nanoTime, long otherNanoTime) {
    return nanoTime - otherNanoTime <= 0 ? nanoTime : otherNanoTime;
  }

  /** What is waited for, for so many nanoseconds; false if they pass before. */
  private interface Waiting {
    boolean nanos(long nanos) throws InterruptedException;
  }

  /**
   * Waits for a permit until a point in time.
   *
   * @return false if the time came first
   */
  static boolean acquire(Semaphore permits, long untilNanoTime) {
    return await(nanos -> permits.tryAcquire(nanos, TimeUnit.NANOSECONDS), untilNanoTime);
  }

  /**
   * Waits for an event until a point in time.
   *
   * @return false if the time came first
   */
  static boolean await(CountDownLatch event, long untilNanoTime) {
    return await(nanos -> event.await(nanos, TimeUnit.NANOSECONDS), untilNanoTime);
  }

  private static boolean await(Waiting waiting, long untilNanoTime) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return waiting.nanos(Math.max(0, untilNanoTime - System.nanoTime()));
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
