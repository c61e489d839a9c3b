package io.dioagent.agent.hook;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts the operations on one target, so that it can be left. After {@link #close} new operations
 * wait until those inside have ended and the owner calls {@link #turnAway} or {@link #reopen}.
 *
 * <p>Thread-safe. Operations enter and exit with one atomic addition each; close, turnAway and
 * reopen are called by one thread.
 */
final class Gate {
  private static final int CLOSED = Integer.MIN_VALUE;

  /** The number of operations inside, with CLOSED added while none may enter. */
  private final AtomicInteger inside = new AtomicInteger();

  /** Whether operations are turned away. Guarded by this. */
  private boolean turnsAway;

  /**
   * Begins an operation; waits while the gate is closed.
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

  /** Ends an operation. */
  void exit() {
    if (inside.decrementAndGet() == CLOSED) {
      wake();
    }
  }

  /** Keeps an interrupt for the operation: it does not end the wait. */
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

  /** Lets no operation enter from now on. */
  void close() {
    inside.addAndGet(CLOSED);
  }

  /**
   * Waits until no operation is inside, with the gate closed.
   *
   * @param untilNanoTime when to give up, by {@link System#nanoTime}
   * @return false if that time or an interrupt came first
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

  /** Turns away the operations that wait, and all later ones. */
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
