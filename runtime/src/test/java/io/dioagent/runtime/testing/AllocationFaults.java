package io.dioagent.runtime.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Makes chosen allocations of code fail that {@link FaultingLoader} has loaded. Thread-safe; one
 * test at a time arms it.
 */
public final class AllocationFaults {
  /** The threads whose allocations are counted. */
  public enum Scope {
    /** All threads but the watchdog, whose rounds come at any time. */
    WORK,
    WATCHDOG
  }

  /** Thrown by an allocation that fails. */
  public static final class Injected extends OutOfMemoryError {
    private static final long serialVersionUID = 1L;

    Injected(String message) {
      super(message);
    }
  }

  private static final AtomicLong PASSED = new AtomicLong();
  private static final List<Injected> THROWN = new ArrayList<>();
  private static volatile boolean armed;
  private static volatile long first;
  private static volatile long end;
  private static volatile Scope scope;

  private AllocationFaults() {}

  /** Makes {@code count} allocations fail from now on, beginning with the k-th, counted from 1. */
  public static void arm(Scope newScope, long k, int count) {
    synchronized (THROWN) {
      THROWN.clear();
    }
    PASSED.set(0);
    scope = newScope;
    first = k;
    end = k + count;
    armed = true;
  }

  /** Ends failing allocations. Returns how many allocations there were. */
  public static long disarm() {
    armed = false;
    return PASSED.get();
  }

  /** Returns the errors thrown since it was armed. */
  public static List<Injected> thrown() {
    synchronized (THROWN) {
      return List.copyOf(THROWN);
    }
  }

  /** Called before each allocation. */
  public static void allocation() {
    if (!armed) {
      return;
    }
    boolean watchdog = Thread.currentThread().getName().equals("dio-watchdog");
    if (watchdog != (scope == Scope.WATCHDOG)) {
      return;
    }
    long number = PASSED.incrementAndGet();
    if (number >= first && number < end) {
      Injected failure = new Injected("injected at allocation " + number);
      synchronized (THROWN) {
        THROWN.add(failure);
      }
      throw failure;
    }
  }
}
