package io.dioagent.bench.work;

import java.io.IOException;

/**
 * A queue of writes that one thread keeps full. Each write that can be in flight has a number. Used
 * by that thread alone.
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

  /** Has the next write go, as that of a number. */
  abstract void submit(int number) throws IOException;

  /** Waits for one to end, at least, and tells each by {@link #completed}. */
  abstract void await() throws IOException;

  /** A write has ended, and well. */
  final void completed(int number) {
    idle[idleCount++] = number;
    ended++;
  }

  /** How many have ended. */
  final long ended() {
    return ended;
  }

  /** Keeps the queue full for a while, and answers how many writes ended per second. */
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
