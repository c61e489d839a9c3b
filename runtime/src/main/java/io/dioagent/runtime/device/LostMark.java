package io.dioagent.runtime.device;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Decides once whether a request is reported lost, and so whether its end is reported late. One
 * thread may find the deadline passed while another ends the request: both events are reported or
 * neither. Thread-safe, without a lock: nearly all requests just end.
 */
public final class LostMark {
  private static final int OPEN = 0;
  private static final int ENDED = 1;
  private static final int LOST = 2;

  private final AtomicInteger state = new AtomicInteger(OPEN);

  /** Returns true if the request has to be reported lost now: once, and not after its end. */
  public boolean set() {
    return state.compareAndSet(OPEN, LOST);
  }

  /**
   * Ends the request.
   *
   * @return whether it has been reported lost
   */
  public boolean end() {
    return !state.compareAndSet(OPEN, ENDED) && state.get() == LOST;
  }
}
