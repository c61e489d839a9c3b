package io.dioagent.runtime;

import io.dioagent.runtime.api.WriteHandler;
import io.dioagent.runtime.api.WriteMode;
import io.dioagent.runtime.queue.LaneQueue;
import java.io.IOException;
import java.time.Duration;

/**
 * Asynchronous writes of whole blocks, without a copy. Made by {@link DirectRuntime#newQueue}; used
 * by one thread at a time.
 */
public final class WriteQueue implements AutoCloseable {
  private final LaneQueue queue;

  WriteQueue(LaneQueue queue) {
    this.queue = queue;
  }

  /**
   * Queues a write. {@link #flush} or a wait hands it to the kernel, or a write queued behind it,
   * so that the device is not idle. Waits for bytes on their way to the same range by {@link
   * WriteMode#PIPELINED}.
   *
   * @param position and lengthBytes are multiples of {@link DirectFile#alignBytes}
   * @param userData comes back with the completion
   * @throws IllegalArgumentException if they are not, or the buffer is too small
   * @throws IllegalStateException if as many writes as the depth are in flight, or the queue or the
   *     buffer is closed
   * @throws IOException if the file is closed
   */
  public void submit(
      DirectFile file, AlignedBuffer buffer, int lengthBytes, long position, long userData)
      throws IOException {
    queue.submit(file.context(), buffer.memory(), lengthBytes, position, userData);
  }

  /** Hands to the kernel what has been queued. */
  public void flush() {
    queue.flush();
  }

  /** Writes queued or in flight. */
  public int inFlight() {
    return queue.inFlight();
  }

  /**
   * Waits for completions, and passes them on one after the other.
   *
   * @param min how many to wait for; no more than are in flight are waited for
   * @param timeout how long
   * @return how many there were
   */
  public int await(int min, Duration timeout, WriteHandler handler) {
    return queue.await(min, timeout, handler);
  }

  /**
   * Waits until all writes in flight have ended, or count as lost; their completions are dropped.
   * The kernel's context goes when nothing is in flight any more.
   */
  @Override
  public void close() {
    queue.close();
  }
}
