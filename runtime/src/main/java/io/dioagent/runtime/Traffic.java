package io.dioagent.runtime;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How many I/Os and system calls of one device are inside the kernel, and whether any of them has
 * ended since somebody last looked. Thread-safe.
 */
final class Traffic {
  private final AtomicLong entered = new AtomicLong();
  private final AtomicLong left = new AtomicLong();

  /** One goes into the kernel. */
  void enter() {
    entered.incrementAndGet();
  }

  /** One has come back, with whatever result. */
  void leave() {
    left.incrementAndGet();
  }

  /**
   * Why an operation waits for something that others have, mostly of its device: a lane, memory, a
   * thread, its turn. The device is the cause as long as something is inside the kernel and none of
   * it ends.
   */
  Patience.Why watch() {
    return new Watch();
  }

  private final class Watch implements Patience.Why {
    private long leftBefore = left.get();

    @Override
    public Patience.Cause cause() {
      long leftNow = left.get();
      if (leftNow != leftBefore) {
        leftBefore = leftNow;
        return Patience.Cause.MOVED;
      }
      return entered.get() > leftNow ? Patience.Cause.DEVICE : Patience.Cause.UNKNOWN;
    }
  }
}
