package io.dioagent.runtime;

import io.dioagent.runtime.aio.KernelThread;
import io.dioagent.runtime.aio.SyscallThreads;

/**
 * The thread that is to work for an operation whose caller waits: what the operation waits for
 * until that thread has begun, and while it is at work. Thread-safe.
 */
final class Worker {
  private final Patience.Why turn;

  /** Null if it is not known. Written before {@link #begun}. */
  private volatile KernelThread thread;

  private volatile boolean begun;

  /** A thread of a device's. */
  Worker(Device device) {
    turn = device.traffic().watch();
  }

  /** By the thread. */
  void begins() {
    try {
      thread = SyscallThreads.current();
    } catch (OutOfMemoryError e) {
      thread = null; // Then it is not known.
    } finally {
      begun = true;
    }
  }

  boolean hasBegun() {
    return begun;
  }

  /** By whoever waits: one thread. */
  Patience.Cause why() {
    if (!begun) {
      return turn.cause();
    }
    return causeOf(thread);
  }

  /** What an operation waits for that a thread is at work for. */
  static Patience.Cause causeOf(KernelThread known) {
    if (known == null) {
      return Patience.Cause.DEVICE;
    }
    return switch (known.held()) {
      case NO -> Patience.Cause.PROCESS;
      case BY_PROCESS -> Patience.Cause.UNKNOWN; // A collection; or a lock behind a stuck device.
      case BY_KERNEL -> Patience.Cause.DEVICE;
    };
  }
}
