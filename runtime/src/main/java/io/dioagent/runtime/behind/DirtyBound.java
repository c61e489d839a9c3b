package io.dioagent.runtime.behind;

import io.dioagent.runtime.base.Limit;
import io.dioagent.runtime.base.Waits;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Limits the bytes that callers wrote through the page cache of one device and that are not written
 * back yet. Beyond the limit callers wait before they write. Thread-safe.
 */
final class DirtyBound {
  private final AtomicLong bytes = new AtomicLong();
  private volatile long limitBytes;

  /** Guarded by this. */
  private int waiting;

  DirtyBound(long limitBytes) {
    this.limitBytes = limitBytes;
  }

  void limitTo(long newLimitBytes) {
    limitBytes = newLimitBytes;
    wakeIfBelow();
  }

  long limitBytes() {
    return limitBytes;
  }

  /** Returns how many bytes are not written back yet. */
  long bytes() {
    return bytes.get();
  }

  /** Whether a caller may write at once; one write may exceed the limit. */
  boolean isBelow() {
    return bytes.get() < limitBytes;
  }

  void add(long writtenBytes) {
    bytes.addAndGet(writtenBytes);
  }

  void remove(long writtenBytes) {
    bytes.addAndGet(-writtenBytes);
    wakeIfBelow();
  }

  private void wakeIfBelow() {
    if (isBelow()) {
      wake();
    }
  }

  private synchronized void wake() {
    if (waiting > 0) {
      notifyAll();
    }
  }

  /**
   * Waits until a caller may write; an interrupt does not end the wait.
   *
   * @return false if the limit came first
   */
  synchronized boolean await(Limit limit) {
    boolean interrupted = false;
    waiting++;
    try {
      while (!isBelow()) {
        long left = limit.leftNanos();
        if (left <= 0) {
          return false;
        }
        interrupted |= Waits.onMonitor(this, left);
      }
      return true;
    } finally {
      waiting--;
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
