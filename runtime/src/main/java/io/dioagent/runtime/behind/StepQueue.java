package io.dioagent.runtime.behind;

/**
 * Steps in their order, linked: adding one allocates nothing. Guarded by the monitor of the {@link
 * Trail}.
 */
final class StepQueue {
  private Step first;
  private Step last;
  private long bytes;

  void add(Step step) {
    step.setNext(null);
    if (first == null) {
      first = step;
    } else {
      last.setNext(step);
    }
    last = step;
    bytes += step.writtenBytes();
  }

  /** Returns the first one and removes it; null for none. */
  Step poll() {
    Step polled = first;
    if (polled != null) {
      first = polled.next();
      bytes -= polled.writtenBytes();
    }
    return polled;
  }

  boolean isEmpty() {
    return first == null;
  }

  /** How many bytes were written to its steps. */
  long bytes() {
    return bytes;
  }
}
