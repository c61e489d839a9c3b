package io.dioagent.runtime.device;

import io.dioagent.runtime.base.HeapSpace;
import io.dioagent.runtime.base.Patience;
import io.dioagent.runtime.base.StripedCount;

/**
 * How many I/Os and system calls of one device are inside the kernel, and whether any of them has
 * ended since somebody last looked. Thread-safe.
 */
public final class Traffic {
  private final StripedCount entered = new StripedCount();
  private final StripedCount left = new StripedCount();

  /** One goes into the kernel. */
  public void enter() {
    entered.increment();
  }

  /** One has come back, with whatever result. */
  public void leave() {
    left.increment();
  }

  /**
   * Why an operation waits for something that others have, mostly of its device: a lane, memory, a
   * thread, its turn. The device is the cause as long as something is inside the kernel and none of
   * it ends.
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
