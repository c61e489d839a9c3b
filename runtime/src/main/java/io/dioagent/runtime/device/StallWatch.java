package io.dioagent.runtime.device;

import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Finds submissions that the kernel holds. A long submission is a stall only if the watchdog saw
 * its thread held meanwhile. A thread that waits for a processor, or that a pause of this process
 * stopped, takes as long and is not the device's fault.
 *
 * <p>Thread-safe. Active while there are submissions, and for some rounds after.
 */
final class StallWatch implements Watchdog.Ward {
  /** Limits a normal submission; one that takes longer may be a stall. */
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
        return; // Tried again with the next submission; this one is not watched.
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
