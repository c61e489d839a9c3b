package io.dioagent.bench.work;

import java.io.IOException;

/**
 * A queue of writes that one thread keeps full. Each possible write in flight has a number. Used by
 * that thread only.
 */
abstract class FullQueue {
  /** Numbers of the writes that are not in flight. */
  private final int[] idle;

  private int idleCount;
  private long ended;

  FullQueue(int depth) {
    idle = new int[depth];
    for (int number = 0; number < depth; number++) {
      idle[idleCount++] = number;
    }
  }

  /** Submits the next write, with a number. */
  abstract void submit(int number) throws IOException;

  /** Waits for at least one write to end, and passes each to {@link #completed}. */
  abstract void await() throws IOException;

  /** Called when a write has succeeded. */
  final void completed(int number) {
    idle[idleCount++] = number;
    ended++;
  }

  /** Returns how many writes have ended. */
  final long ended() {
    return ended;
  }

  /** Keeps the queue full for this time, and returns the ended writes per second. */
  final double writesPerSecond(long durationNanos) throws IOException {
    return Rate.of(this::fillAndAwait, this::ended, durationNanos);
  }

  private void fillAndAwait() throws IOException {
    while (idleCount > 0) {
      submit(idle[--idleCount]);
    }
    await();
  }

  /** Waits until none is in flight. */
  final void drain() throws IOException {
    while (idleCount < idle.length) {
      await();
    }
  }
}
