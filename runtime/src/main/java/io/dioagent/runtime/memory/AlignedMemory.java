package io.dioagent.runtime.memory;

import java.nio.ByteBuffer;

/**
 * Memory for direct writes without a copy. Its contents must not change while a write of it is in
 * flight. Not thread-safe.
 */
public final class AlignedMemory implements WriteMemory, AutoCloseable {
  private final BufferPool pool;
  private final NativeBuffer[] memory;
  private int writesInFlight;
  private int lostWrites;
  private boolean closed;

  public AlignedMemory(BufferPool pool, NativeBuffer[] memory) {
    this.pool = pool;
    this.memory = memory;
  }

  /** Returns all of the memory, for filling; a write ignores its position and limit. */
  public ByteBuffer byteBuffer() {
    return memory[0].bytes();
  }

  public int capacityBytes() {
    return memory[0].capacityBytes();
  }

  /**
   * Returns whether the kernel may still read the memory: for a write in flight, or for one that
   * counts as lost.
   */
  public synchronized boolean isInUse() {
    return writesInFlight > 0;
  }

  public long address() {
    return memory[0].address();
  }

  /** A write of it begins; fails if it has been closed. */
  public synchronized void begin() {
    if (closed) {
      throw new IllegalStateException("the buffer is closed");
    }
    writesInFlight++;
  }

  /** A write of it has ended. */
  @Override
  public synchronized void release() {
    writesInFlight--;
    releaseIfUnused();
  }

  /**
   * Counts the memory as quarantined because a write of it counts as lost. It counts once, however
   * many such writes there are.
   */
  @Override
  public synchronized void quarantine() {
    if (lostWrites++ == 0) {
      pool.quarantine(memory);
    }
  }

  /** A write of it that counted as lost has ended. */
  @Override
  public synchronized void endQuarantine() {
    if (--lostWrites == 0) {
      pool.endQuarantine(memory);
    }
  }

  /** Gives the memory back as soon as the kernel no longer reads it. */
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
