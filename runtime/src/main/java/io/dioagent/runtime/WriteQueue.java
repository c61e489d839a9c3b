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
   * Queues a write. {@link #flush}, a wait, or a write queued behind it hands it to the kernel, so
   * that the device is not idle. Waits for {@link WriteMode#PIPELINED} writes in transit to the
   * same range.
   *
   * @param position and lengthBytes are multiples of {@link DirectFile#alignBytes}
   * @param userData returned with the completion
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

  /** Hands all queued writes to the kernel. */
  public void flush() {
    queue.flush();
  }

  /** Returns how many writes are queued or in flight. */
  public int inFlight() {
    return queue.inFlight();
  }

  /**
   * Waits for completions, and passes them on one after the other.
   *
   * @param min how many to wait for; at most as many as are in flight
   * @param timeout how long
   * @return how many there were
   */
  public int await(int min, Duration timeout, WriteHandler handler) {
    return queue.await(min, timeout, handler);
  }

  /**
   * Waits until all writes in flight have ended, or count as lost; drops their completions. The
   * kernel's context is destroyed when nothing is in flight any more.
   */
  @Override
  public void close() {
    queue.close();
  }
}
