package io.dioagent.runtime.device;

import io.dioagent.runtime.base.HeapSpace;
import io.dioagent.runtime.base.Patience;
import io.dioagent.runtime.engine.KernelThread;
import io.dioagent.runtime.engine.SyscallThreads;

/**
 * The thread that works for an operation whose caller waits. Finds the cause of the wait, before
 * that thread has begun and while it works. Thread-safe.
 */
public final class Worker {
  private final Patience.Why turn;

  /** Null if it is not known. Written before {@link #begun}. */
  private volatile KernelThread thread;

  private volatile boolean begun;

  /** Makes a worker that will be a thread of a device. */
  public Worker(Device device) {
    turn = device.traffic().watch();
  }

  /** Marks the begin. Called by the working thread. */
  public void begins() {
    try {
      thread = SyscallThreads.current();
    } catch (OutOfMemoryError e) {
      thread = null; // Then it is not known.
    } finally {
      begun = true;
    }
  }

  public boolean hasBegun() {
    return begun;
  }

  /** Returns the cause. Called by the one thread that waits. */
  public Patience.Cause why() {
    if (!begun) {
      return turn.cause();
    }
    return causeOf(thread);
  }

  /** Returns the cause of the wait for a working thread. */
  public static Patience.Cause causeOf(KernelThread known) {
    if (known == null) {
      return HeapSpace.isScarce() ? Patience.Cause.UNKNOWN : Patience.Cause.DEVICE;
    }
    return switch (known.held()) {
      case NO -> Patience.Cause.PROCESS;
      case BY_PROCESS -> Patience.Cause.UNKNOWN; // A collection; or a lock behind a stuck device.
      case BY_KERNEL -> Patience.Cause.DEVICE;
    };
  }
}
