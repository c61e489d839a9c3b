package io.dioagent.runtime.behind;

/**
 * Steps in their order, linked: adding one allocates nothing. Guarded by the monitor of its owner.
 */
final class StepQueue {
  private Step first;
  private Step last;
  private long bytes;
  private int count;

  void add(Step step) {
    step.setNext(null);
    if (first == null) {
      first = step;
    } else {
      last.setNext(step);
    }
    last = step;
    bytes += step.writtenBytes();
    count++;
  }

  /** Returns the first one and removes it; null for none. */
  Step poll() {
    Step polled = first;
    if (polled != null) {
      first = polled.next();
      bytes -= polled.writtenBytes();
      count--;
    }
    return polled;
  }

  /** Returns the first one; null for none. */
  Step first() {
    return first;
  }

  boolean isEmpty() {
    return first == null;
  }

  int count() {
    return count;
  }

  /** How many bytes were written to its steps. */
  long bytes() {
    return bytes;
  }
}
