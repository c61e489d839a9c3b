package io.dioagent.runtime.device;

import io.dioagent.runtime.base.HeapSpace;
import io.dioagent.runtime.base.Patience;
import io.dioagent.runtime.base.StripedCount;

/**
 * Counts the I/Os and system calls of one device that are inside the kernel, and detects whether
 * any has ended since the last check. Thread-safe.
 */
public final class Traffic {
  private final StripedCount entered = new StripedCount();
  private final StripedCount left = new StripedCount();

  /** A call enters the kernel. */
  public void enter() {
    entered.increment();
  }

  /** A call has returned, with any result. */
  public void leave() {
    left.increment();
  }

  /**
   * Returns the cause of a wait for a resource that other operations hold, mostly of the same
   * device: a lane, memory, a thread, its turn. The cause is the device as long as a call is inside
   * the kernel and none ends.
   */
  public Patience.Why watch() {
    return new Watch();
  }

  private final class Watch implements Patience.Why {
    private long leftBefore = left.sum();

    @Override
    public Patience.Cause cause() {
      long leftNow = left.sum();
      if (leftNow != leftBefore) {
        leftBefore = leftNow;
        return Patience.Cause.MOVED;
      }
      if (entered.sum() <= leftNow || HeapSpace.isScarce()) {
        return Patience.Cause.UNKNOWN; // With a full heap, completions may not have been taken.
      }
      return Patience.Cause.DEVICE;
    }
  }
}
