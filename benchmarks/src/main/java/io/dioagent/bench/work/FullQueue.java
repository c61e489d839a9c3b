package io.dioagent.bench.work;

import java.io.IOException;

/** A queue of writes that one thread keeps full. Used by that alone. */
abstract class FullQueue {
  /** Whether there is room for one more. */
  abstract boolean hasRoom();

  abstract void submitNext() throws IOException;

  /** Waits for one to end, at least. */
  abstract void await() throws IOException;

  /** How many have ended. */
  abstract long ended();

  /** Keeps the queue full for a while, and answers how many writes ended per second. */
  final double writesPerSecond(long durationNanos) throws IOException {
    long endedBefore = ended();
    long start = System.nanoTime();
    long now;
    do {
      while (hasRoom()) {
        submitNext();
      }
      await();
      now = System.nanoTime();
    } while (now - start < durationNanos);
    return (ended() - endedBefore) * 1e9 / (now - start);
  }
}
