package io.dioagent.runtime.base;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Permits, lent first come, first served. Unlike with a semaphore, a thread that consults its
 * {@link Limit} while it waits keeps its place. Thread-safe.
 */
public final class Permits {
  private final AtomicInteger free;
  private final ConcurrentLinkedQueue<Waiter> waiters = new ConcurrentLinkedQueue<>();

  private static final class Waiter {
    final Thread thread = Thread.currentThread();
  }

  public Permits(int count) {
    free = new AtomicInteger(count);
  }

  /** Returns how many permits are free now. */
  public int available() {
    return free.get();
  }

  /** Takes a permit if one is free, even if threads wait for one. */
  public boolean tryAcquire() {
    for (int now; (now = free.get()) > 0; ) {
      if (free.compareAndSet(now, now - 1)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Takes a permit, and waits for it if necessary; an interrupt does not end the wait.
   *
   * @return false if the limit came first
   */
  public boolean acquire(Limit limit) {
    return (waiters.isEmpty() && tryAcquire()) || acquireInTurn(limit);
  }

  private boolean acquireInTurn(Limit limit) {
    Waiter mine = new Waiter();
    boolean interrupted = false;
    waiters.add(mine);
    try {
      while (!acquireAsFirst(mine)) {
        long left = limit.leftNanos();
        if (left <= 0) {
          return false;
        }
        LockSupport.parkNanos(this, left);
        interrupted |= Thread.interrupted();
      }
      return true;
    } finally {
      waiters.remove(mine);
      wakeFirst();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private boolean acquireAsFirst(Waiter waiter) {
    return waiters.peek() == waiter && tryAcquire();
  }

  /** Gives a permit back. */
  public void release() {
    free.incrementAndGet();
    wakeFirst();
  }

  /** Wakes the first waiting thread, which checks for a free permit itself. */
  private void wakeFirst() {
    Waiter first = waiters.peek();
    if (first != null) {
      LockSupport.unpark(first.thread);
    }
  }
}
