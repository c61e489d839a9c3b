package io.dioagent.runtime;

/**
 * Whether a request was told lost, so that its end is told late: who finds the deadline passed and
 * who ends it may be two threads, and both events are told or none. Guarded by its monitor.
 */
final class LostMark {
  private boolean lost;
  private boolean ended;

  /** Whether it is to be told lost now: once, and not when it has ended. */
  synchronized boolean set() {
    boolean first = !lost && !ended;
    lost |= first;
    return first;
  }

  /** It ends; whether it had been told lost. */
  synchronized boolean end() {
    ended = true;
    return lost;
  }
}
