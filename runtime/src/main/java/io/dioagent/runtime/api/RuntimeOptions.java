package io.dioagent.runtime.api;

/**
 * Sizes of one runtime.
 *
 * @param queueDepth I/Os of one write that are in flight at once, 1 to {@value #MAX_QUEUE_DEPTH}
 * @param maxIoBytes the largest single I/O; a power of two from 4 KiB to 64 MiB
 * @param bufferMemoryBytes bound on the native memory that holds data in transit, at least
 *     maxIoBytes
 */
public record RuntimeOptions(int queueDepth, int maxIoBytes, long bufferMemoryBytes) {

  /**
   * Limits the queue depth, so that a request's I/Os can be counted in eight bits of its id. A
   * larger depth is refused.
   */
  public static final int MAX_QUEUE_DEPTH = 256;

  /** Queue depth 32, 1 MiB per I/O, 64 MiB of buffers. */
  public static final RuntimeOptions DEFAULT = new RuntimeOptions(32, 1 << 20, 64L << 20);

  public RuntimeOptions {
    if (queueDepth < 1 || queueDepth > MAX_QUEUE_DEPTH) {
      throw new IllegalArgumentException(
          "queueDepth is " + queueDepth + ", expected 1 to " + MAX_QUEUE_DEPTH);
    }
    if (maxIoBytes < 4096 || maxIoBytes > 64 << 20 || Integer.bitCount(maxIoBytes) != 1) {
      throw new IllegalArgumentException(
          "maxIoBytes is " + maxIoBytes + ", expected a power of two from 4096 to " + (64 << 20));
    }
    if (bufferMemoryBytes < maxIoBytes) {
      throw new IllegalArgumentException(
          "bufferMemoryBytes is "
              + bufferMemoryBytes
              + ", expected at least maxIoBytes, which is "
              + maxIoBytes);
    }
  }
}
