package io.dioagent.runtime.device;

import io.dioagent.runtime.base.HeapSpace;
import io.dioagent.runtime.base.Patience;
import io.dioagent.runtime.engine.KernelThread;
import io.dioagent.runtime.engine.SyscallThreads;

/**
 * The thread that is to work for an operation whose caller waits: what the operation waits for
 * until that thread has begun, and while it is at work. Thread-safe.
 */
public final class Worker {
  private final Patience.Why turn;

  /** Null if it is not known. Written before {@link #begun}. */
  private volatile KernelThread thread;

  private volatile boolean begun;

  /** A thread of a device's. */
  public Worker(Device device) {
    turn = device.traffic().watch();
  }

  /** By the thread. */
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

  /** By whoever waits: one thread. */
  public Patience.Cause why() {
    if (!begun) {
      return turn.cause();
    }
    return causeOf(thread);
  }

  /** What an operation waits for that a thread is at work for. */
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
