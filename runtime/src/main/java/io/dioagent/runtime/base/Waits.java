package io.dioagent.runtime.base;

import java.util.concurrent.TimeUnit;

/** Waits that an interrupt does not end, as an interrupt does not end a write. */
public final class Waits {
  /** A time that does not pass. */
  public static final long FOREVER_NANOS = TimeUnit.DAYS.toNanos(36_500);

  private Waits() {}

  /**
   * Waits for a notification of a monitor that the caller holds, as {@link Object#wait}.
   *
   * @return whether the wait was interrupted; the thread's interrupted status is cleared then
   */
  @SuppressWarnings("WaitNotInLoop")
  public static boolean onMonitor(Object monitor, long nanos) {
    try {
      TimeUnit.NANOSECONDS.timedWait(monitor, nanos);
      return false;
    } catch (InterruptedException e) {
      return true;
    } catch (OutOfMemoryError e) {
      return true; // The JVM had no heap for that exception.
    }
  }
}
