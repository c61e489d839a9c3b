package io.dioagent.runtime.pipeline;

import io.dioagent.runtime.api.RuntimeOptions;
import io.dioagent.runtime.base.Limit;
import io.dioagent.runtime.base.Origin;
import io.dioagent.runtime.device.Device;
import io.dioagent.runtime.device.RuntimeContext;
import io.dioagent.runtime.file.FileContext;
import io.dioagent.runtime.linux.Linux;
import io.dioagent.runtime.memory.NativeBuffer;
import java.io.IOException;

/**
 * The memory of one pipeline's chunks: the longer a stream, the larger they are. Thread-safe;
 * nothing is locked but by the pool.
 */
final class ChunkMemory {
  /**
   * A chunk is at most this part of the buffer memory, so that there are many; a larger size is cut
   * to it.
   */
  private static final int LEAST_CHUNKS = 16;

  private final RuntimeContext runtime;
  private final Pipelines all;
  private final Device device;

  /** Of the chunk that was sealed last. */
  private volatile Stream stream = new Stream(-1, 0);

  /** The offset at which a chunk ended, and the size of a chunk that goes on there. */
  private record Stream(long offset, long capacityBytes) {}

  ChunkMemory(Pipelines all, RuntimeContext runtime, Device device) {
    this.runtime = runtime;
    this.device = device;
    this.all = all;
  }

  /** The largest chunk: as large as one request may be, and a small part of the memory. */
  static int largestBytes(RuntimeOptions options, long segmentBytes) {
    long bound = Math.min(segmentBytes, options.bufferMemoryBytes() / LEAST_CHUNKS);
    return (int) Long.highestOneBit(Math.min(options.maxIoBytes(), Math.max(4096, bound)));
  }

  /** Chunks begin in their memory as far behind a multiple of this as in the file. */
  static int alignBytes(FileContext file) {
    return (int) Math.max(Linux.PAGE_BYTES, file.alignBytes());
  }

  /**
   * Takes one buffer for a chunk; where memory is scarce, a small one, and waits for it.
   *
   * @param lengthBytes of what is to be written at the offset
   * @throws IOException if there was none before the deadline
   */
  NativeBuffer[] take(FileContext file, long offset, long lengthBytes, Origin origin)
      throws IOException {
    int align = alignBytes(file);
    int largest = Math.max(align, all.largestChunkBytes());
    long needed = powerOfTwoFrom((offset & align - 1) + Math.min(lengthBytes, largest));
    int least = (int) Math.min(largest, Math.max(align, needed));
    Stream last = stream;
    int wanted =
        offset == last.offset()
            ? (int) Math.min(largest, Math.max(least, last.capacityBytes()))
            : least;
    NativeBuffer[] memory = device.acquireMemory(1, wanted, Limit.NOW);
    if (memory != null) {
      return memory;
    }
    all.relieve(least);
    return file.deadline()
        .waitFor(
            offset,
            lengthBytes,
            origin,
            limit -> device.acquireMemory(1, least, limit),
            () -> "no buffer memory was free; " + runtime.buffers().describe());
  }

  /** A chunk takes no more bytes. */
  void sealed(Chunk chunk) {
    try {
      stream = new Stream(chunk.endOffset(), 2 * powerOfTwoFrom(chunk.usedBytes()));
    } catch (OutOfMemoryError e) {
      return; // The next chunk is as small as the first one.
    }
  }

  private static long powerOfTwoFrom(long bytes) {
    return bytes <= 1 ? 1 : Long.highestOneBit(bytes - 1) << 1;
  }
}
