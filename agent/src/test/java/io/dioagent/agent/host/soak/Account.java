package io.dioagent.agent.host.soak;

import java.nio.channels.ClosedByInterruptException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts the workers' results and problems. Thread-safe.
 *
 * <p>A problem is anything that no plain JVM shows: a wrong byte, an error that is not the
 * application's own, a worker that makes no progress.
 */
final class Account {
  private static final int PROBLEMS_SHOWN = 10;

  final AtomicLong operations = new AtomicLong();
  final AtomicLong overflows = new AtomicLong();
  final AtomicLong outOfMemory = new AtomicLong();
  final AtomicLong interrupts = new AtomicLong();
  final AtomicLong overlaps = new AtomicLong();
  final AtomicInteger wrong = new AtomicInteger();
  final AtomicInteger errors = new AtomicInteger();
  final AtomicInteger hung = new AtomicInteger();
  private final AtomicInteger shown = new AtomicInteger();

  /** Records bytes that no writer can have left there. */
  void wrong(String where, long offset, int actual, String expected) {
    int unused = wrong.incrementAndGet();
    if (mayShow()) {
      System.err.println(
          "wrong byte in " + where + " at " + offset + ": " + actual + ", expected " + expected);
    }
  }

  /** Records an error that a plain JVM does not give. */
  void error(String where, Throwable error) {
    int unused = errors.incrementAndGet();
    if (mayShow()) {
      System.err.println("error in " + where + ":");
      error.printStackTrace();
    }
  }

  /** Records a thread that makes no progress. */
  void hung(String where, Thread thread) {
    int unused = hung.incrementAndGet();
    System.err.println("no progress in " + where + ", " + thread);
  }

  private boolean mayShow() {
    return shown.getAndIncrement() < PROBLEMS_SHOWN;
  }

  /**
   * Counts an error of the application's own making.
   *
   * @return false if it is none
   */
  boolean isOwn(Throwable error) {
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (cause instanceof StackOverflowError) {
        long unused = overflows.incrementAndGet();
        return true;
      }
      if (cause instanceof OutOfMemoryError) {
        long unused = outOfMemory.incrementAndGet();
        return true;
      }
    }
    if (error instanceof ClosedByInterruptException) {
      long unused = interrupts.incrementAndGet();
      return true;
    }
    return false;
  }

  boolean isClean() {
    return wrong.get() == 0 && errors.get() == 0 && hung.get() == 0;
  }

  @Override
  public String toString() {
    return operations
        + " operations, "
        + overlaps
        + " overlapping rounds, "
        + overflows
        + " stack overflows, "
        + outOfMemory
        + " out of memory, "
        + interrupts
        + " interrupted; wrong "
        + wrong
        + ", errors "
        + errors
        + ", hung "
        + hung;
  }
}
