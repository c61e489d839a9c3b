package io.dioagent.runtime.queue;

import io.dioagent.runtime.api.WriteHandler;

/** The completions of a queue that have not been handed out, linked. Guarded by its monitor. */
final class CompletedWrites {
  /** Read without the monitor, to see that there is none. */
  private volatile QueuedWrite firstCompleted;

  private QueuedWrite lastCompleted;

  int handOut(WriteHandler handler) {
    int count = 0;
    for (QueuedWrite next; (next = poll()) != null; count++) {
      handler.completed(next.userData(), next.delivered(), next.request().info().requestId());
    }
    return count;
  }

  private QueuedWrite poll() {
    if (firstCompleted == null) {
      return null;
    }
    synchronized (this) {
      QueuedWrite polled = firstCompleted;
      if (polled != null) {
        firstCompleted = polled.nextCompleted();
      }
      return polled;
    }
  }

  void add(QueuedWrite write, long result) {
    synchronized (this) {
      write.deliver(result);
      if (firstCompleted == null) {
        firstCompleted = write;
      } else {
        lastCompleted.setNextCompleted(write);
      }
      lastCompleted = write;
    }
  }
}
