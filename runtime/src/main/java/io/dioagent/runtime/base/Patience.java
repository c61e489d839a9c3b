package io.dioagent.runtime.base;

import io.dioagent.runtime.device.Watchdog;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Counts how much of one operation's deadline is spent. Only time counts in which the operation
 * waited for its device while this process ran.
 *
 * <ul>
 *   <li><b>Pauses.</b> An observer (the waiting thread, or the watchdog in its rounds) reports each
 *       slice of the wait. A slice counts for at most the time that the observer meant to sleep.
 *       Beyond that, this process or the observer did not run (SIGSTOP, a garbage collection, a
 *       heap dump, a throttled container, a suspended machine, other threads).
 *   <li><b>Cause.</b> After each tenth of the deadline, or each second, and before the deadline
 *       passes, {@link Why} returns what the operation waits for, and so whether that tenth counts.
 *   <li><b>Time between two waits</b>, in which the operation itself works (copies, loads classes),
 *       does not count: each wait begins with {@link #resume}.
 * </ul>
 *
 * <p>So on a running machine a device that hangs is reported at most a tenth of a second after the
 * deadline has passed. A pause adds its own length. An observer that finds the deadline spent asks
 * the kernel once more, without waiting, before the operation counts as lost.
 *
 * <p>Thread-safe; there may be several observers. An operation without a waiting caller has none of
 * this.
 */
public final class Patience {
  private static final int PERIODS = 10;
  private static final long SHORTEST_PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long LONGEST_PERIOD_NANOS = TimeUnit.SECONDS.toNanos(1);

  /**
   * Limits how much longer than its rest a watchdog round takes, with all its work. Time past it
   * does not count.
   */
  private static final long ROUND_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  /**
   * Shows a shortage of processors: an observer was late by more than a tenth of a period and by
   * more than this.
   */
  private static final long TOLERANCE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  /** The cause of a wait. */
  public enum Cause {
    /** The device: the time counts. */
    DEVICE,
    /** A thread that waits for a processor: the time does not count. */
    PROCESS,
    /** Its turn on a device that is not stuck: neither this time nor the time before it counts. */
    MOVED,
    /**
     * Unknown, such as a thread that has not begun: the time counts unless this process is short of
     * processors or of heap.
     */
    UNKNOWN
  }

  /** Finds the cause of an operation's wait. Called seldom; must not block. */
  public interface Why {
    Cause cause();
  }

  private static final BooleanSupplier IS_HEAP_SCARCE = HeapSpace::isScarce;

  private final LongSupplier clock;
  private final BooleanSupplier isHeapScarce;
  private long seenNanoTime;
  private long countedNanos;

  // Reported, and not yet judged.

  private long openNanos;
  private long lateNanos;

  public Patience() {
    this(System.nanoTime());
  }

  /** Starts at a time that the caller has just read. */
  public Patience(long nowNanoTime) {
    clock = System::nanoTime;
    isHeapScarce = IS_HEAP_SCARCE;
    seenNanoTime = nowNanoTime;
  }

  /** Uses a clock that does not run backwards, in nanoseconds, and a heap. */
  Patience(LongSupplier clock, BooleanSupplier isHeapScarce) {
    this.clock = clock;
    this.isHeapScarce = isHeapScarce;
    seenNanoTime = clock.getAsLong();
  }

  /** Begins a wait. */
  public synchronized void resume() {
    seenNanoTime = clock.getAsLong();
  }

  /** Returns how long to wait at most until the next report; at least 1. */
  synchronized long sliceNanos(long deadlineNanos) {
    long left = deadlineNanos - countedNanos - openNanos;
    return Math.max(1, Math.min(left, periodNanos(deadlineNanos) - openNanos));
  }

  /** Returns the time after which a cause is judged: a tenth of the deadline, within two limits. */
  public static long periodNanos(long deadlineNanos) {
    long period = Math.max(SHORTEST_PERIOD_NANOS, deadlineNanos / PERIODS);
    return Math.min(period, LONGEST_PERIOD_NANOS);
  }

  /**
   * Reports a slice of a wait, since the last report or the begin.
   *
   * @param meantNanos how long the observer meant to sleep
   * @return whether the deadline is spent
   */
  boolean isSpent(long meantNanos, long deadlineNanos, Why why) {
    return isSpent(meantNanos, 0, deadlineNanos, why);
  }

  /**
   * Reports a slice of a wait; for the watchdog.
   *
   * @param restNanos as {@link Watchdog#restNanos}
   */
  public boolean isSpentInRounds(long restNanos, long deadlineNanos, Why why) {
    return isSpent(restNanos, ROUND_NANOS, deadlineNanos, why);
  }

  private synchronized boolean isSpent(
      long meantNanos, long moreNanos, long deadlineNanos, Why why) {
    long now = clock.getAsLong();
    long tookNanos = Math.max(0, now - seenNanoTime);
    seenNanoTime = now;
    openNanos += Math.min(tookNanos, meantNanos + moreNanos);
    lateNanos += Math.max(0, tookNanos - meantNanos);
    boolean due = openNanos >= periodNanos(deadlineNanos);
    if (due || countedNanos + openNanos >= deadlineNanos) {
      judge(why.cause());
    }
    return countedNanos >= deadlineNanos;
  }

  private void judge(Cause cause) {
    if (cause == Cause.MOVED) {
      countedNanos = 0;
    } else if (cause == Cause.DEVICE || (cause == Cause.UNKNOWN && !isShort())) {
      countedNanos += openNanos;
    }
    openNanos = 0;
    lateNanos = 0;
  }

  /** Whether this process is short of processors, or of heap. */
  private boolean isShort() {
    return lateNanos > Math.max(openNanos / PERIODS, TOLERANCE_NANOS)
        || isHeapScarce.getAsBoolean();
  }

  /**
   * Returns a limit for one wait of the calling thread, which begins now.
   *
   * @param deadlineNanos may change meanwhile
   */
  public Limit limit(LongSupplier deadlineNanos, Why why) {
    resume();
    return new Slices(deadlineNanos, why);
  }

  private final class Slices implements Limit {
    private final LongSupplier deadlineNanos;
    private final Why why;
    private long askedNanos;

    Slices(LongSupplier deadlineNanos, Why why) {
      this.deadlineNanos = deadlineNanos;
      this.why = why;
    }

    @Override
    public long leftNanos() {
      long deadline = deadlineNanos.getAsLong();
      if (isSpent(askedNanos, deadline, why)) {
        return 0;
      }
      askedNanos = sliceNanos(deadline);
      return askedNanos;
    }
  }
}
