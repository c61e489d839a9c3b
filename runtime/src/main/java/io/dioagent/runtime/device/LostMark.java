package io.dioagent.runtime.device;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Whether a request was told lost, so that its end is told late: who finds the deadline passed and
 * who ends it may be two threads, and both events are told or none. Thread-safe, without a lock:
 * nearly every one just ends.
 */
public final class LostMark {
  private static final int OPEN = 0;
  private static final int ENDED = 1;
  private static final int LOST = 2;

  private final AtomicInteger state = new AtomicInteger(OPEN);

  /** Whether it is to be told lost now: once, and not when it has ended. */
  public boolean set() {
    return state.compareAndSet(OPEN, LOST);
  }

  /** It ends; whether it had been told lost. */
  public boolean end() {
    return !state.compareAndSet(OPEN, ENDED) && state.get() == LOST;
  }
}
