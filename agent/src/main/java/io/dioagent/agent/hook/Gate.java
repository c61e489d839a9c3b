package io.dioagent.agent.hook;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts the operations on one target, so that it can be left: from {@link #close} on whoever comes
 * waits until those inside have gone and the owner has decided, to {@link #turnAway} or to {@link
 * #reopen}.
 *
 * <p>Thread-safe. Operations enter and exit with one atomic addition each; close, turnAway and
 * reopen are called by one thread.
 */
final class Gate {
  private static final int CLOSED = Integer.MIN_VALUE;

  /** Operations inside, and CLOSED added while nobody may enter. */
  private final AtomicInteger inside = new AtomicInteger();

  /** Nobody enters any more. Guarded by this. */
  private boolean turnsAway;

  /**
   * An operation begins.
   *
   * @return false if it is turned away: then it must not {@link #exit}
   */
  boolean enter() {
    while (inside.incrementAndGet() < 0) {
      exit();
      if (!mayTryAgain()) {
        return false;
      }
    }
    return true;
  }

  /** An operation has ended. */
  void exit() {
    if (inside.decrementAndGet() == CLOSED) {
      wake();
    }
  }

  /** An interrupt does not end the wait: it is the operation's to see. */
  private synchronized boolean mayTryAgain() {
    boolean interrupted = false;
    while (!turnsAway && inside.get() < 0) {
      try {
        wait();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return !turnsAway;
  }

  private synchronized void wake() {
    notifyAll();
  }

  /** Nobody enters from now on. */
  void close() {
    inside.addAndGet(CLOSED);
  }

  /**
   * Waits until nobody is inside, with the gate closed.
   *
   * @return false if a point in time, by {@link System#nanoTime}, or an interrupt came first
   */
  synchronized boolean awaitEmpty(long untilNanoTime) {
    while (inside.get() != CLOSED) {
      long leftNanos = untilNanoTime - System.nanoTime();
      if (leftNanos <= 0) {
        return false;
      }
      try {
        wait(TimeUnit.NANOSECONDS.toMillis(leftNanos) + 1);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
    return true;
  }

  /** Those who wait, and all who come, are turned away. */
  synchronized void turnAway() {
    turnsAway = true;
    notifyAll();
  }

  /** Undoes {@link #close}, and {@link #turnAway}. */
  synchronized void reopen() {
    turnsAway = false;
    inside.addAndGet(-CLOSED);
    notifyAll();
  }
}
