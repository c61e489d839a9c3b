package io.dioagent.runtime.memory;

import java.nio.ByteBuffer;

/**
 * Memory that direct writes can be made from without a copy. Its contents must not change while a
 * write of it is in flight. Not thread-safe.
 */
public final class AlignedMemory implements AutoCloseable {
  private final BufferPool pool;
  private final NativeBuffer[] memory;
  private int writesInFlight;
  private int lostWrites;
  private boolean closed;

  public AlignedMemory(BufferPool pool, NativeBuffer[] memory) {
    this.pool = pool;
    this.memory = memory;
  }

  /** All of the memory, for filling; its position and limit mean nothing to a write. */
  public ByteBuffer byteBuffer() {
    return memory[0].bytes();
  }

  public int capacityBytes() {
    return memory[0].capacityBytes();
  }

  /**
   * Whether the kernel may still read it: for a write in flight, or for one that counts as lost.
   */
  public synchronized boolean isInUse() {
    return writesInFlight > 0;
  }

  public long address() {
    return memory[0].address();
  }

  public synchronized void begin() {
    if (closed) {
      throw new IllegalStateException("the buffer is closed");
    }
    writesInFlight++;
  }

  public synchronized void end() {
    writesInFlight--;
    releaseIfUnused();
  }

  /** A write of it counts as lost. Several may: the memory counts once. */
  public synchronized void quarantine() {
    if (lostWrites++ == 0) {
      pool.quarantine(memory);
    }
  }

  public synchronized void endQuarantine() {
    if (--lostWrites == 0) {
      pool.endQuarantine(memory);
    }
  }

  /** Gives the memory back, once the kernel does not read it any more. */
  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      releaseIfUnused();
    }
  }

  private void releaseIfUnused() {
    if (closed && writesInFlight == 0) {
      pool.releaseUnshared(memory);
    }
  }
}
