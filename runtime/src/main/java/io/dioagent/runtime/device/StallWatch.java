package io.dioagent.runtime.device;

import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Sees which submissions are held by the kernel. A submission that takes long is a stall only if
 * the watchdog saw its thread held meanwhile: a thread that waits for a processor, or that a pause
 * of this process stopped, looks as slow to itself, and says nothing of the device.
 *
 * <p>Thread-safe. On while there are submissions, and for some rounds after.
 */
final class StallWatch implements Watchdog.Ward {
  /** A submission that returns before this is no stall. */
  static final long STALL_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private static final int IDLE_ROUNDS = 50;

  private final Watchdog watchdog;

  /** Calls a consumer with each lane. */
  private final Consumer<Consumer<Lane>> lanes;

  private volatile boolean on;
  private volatile int idleRounds;

  StallWatch(Watchdog watchdog, Consumer<Consumer<Lane>> lanes) {
    this.watchdog = watchdog;
    this.lanes = lanes;
  }

  /** A submission begins. */
  void submits() {
    if (idleRounds != 0) {
      idleRounds = 0;
    }
    if (!on) {
      start();
    }
  }

  private synchronized void start() {
    if (!on) {
      try {
        watchdog.add(this);
        on = true;
      } catch (OutOfMemoryError e) {
        return; // With the next submission; this one is not watched.
      }
    }
  }

  @Override
  public boolean check() {
    lanes.accept(Lane::lookForStall);
    int rounds = idleRounds + 1;
    idleRounds = rounds;
    if (rounds < IDLE_ROUNDS) {
      return false;
    }
    synchronized (this) {
      on = idleRounds == 0; // One has begun just now.
      return !on;
    }
  }
}
