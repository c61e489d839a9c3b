package io.dioagent.runtime;

import io.dioagent.runtime.memory.AlignedMemory;
import java.nio.ByteBuffer;

/**
 * Memory for direct writes without a copy. Its contents must not change while a write of it is in
 * flight. Not thread-safe.
 */
public final class AlignedBuffer implements AutoCloseable {
  private final AlignedMemory memory;

  AlignedBuffer(AlignedMemory memory) {
    this.memory = memory;
  }

  AlignedMemory memory() {
    return memory;
  }

  /** Returns all of the memory, to be filled; a write ignores its position and limit. */
  public ByteBuffer byteBuffer() {
    return memory.byteBuffer();
  }

  /** Returns the size, at least as large as asked for. */
  public int capacityBytes() {
    return memory.capacityBytes();
  }

  /**
   * Returns whether the kernel may still read the memory: for a write in flight, or for one that
   * counts as lost.
   */
  public boolean isInUse() {
    return memory.isInUse();
  }

  /** Gives the memory back as soon as the kernel no longer reads it. */
  @Override
  public void close() {
    memory.close();
  }
}
