package io.dioagent.runtime.behind;

/**
 * Steps in their order, linked: adding and removing one allocates nothing. Guarded by the monitor
 * of its owner.
 */
final class StepQueue {
  private Step first;
  private Step last;
  private int count;
  private long bytes;

  void add(Step step) {
    step.setPrevious(last);
    step.setNext(null);
    if (last == null) {
      first = step;
    } else {
      last.setNext(step);
    }
    last = step;
    count++;
    bytes += step.writtenBytes();
  }

  /** Removes one of its steps. */
  void remove(Step step) {
    if (step.previous() == null) {
      first = step.next();
    } else {
      step.previous().setNext(step.next());
    }
    if (step.next() == null) {
      last = step.previous();
    } else {
      step.next().setPrevious(step.previous());
    }
    step.setPrevious(null);
    step.setNext(null);
    count--;
    bytes -= step.writtenBytes();
  }

  /** So many bytes have been written to one of its steps. */
  void grew(long writtenBytes) {
    bytes += writtenBytes;
  }

  /** Returns the first one; null for none. */
  Step first() {
    return first;
  }

  /** Returns the first one and removes it; null for none. */
  Step poll() {
    Step polled = first;
    if (polled != null) {
      remove(polled);
    }
    return polled;
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
