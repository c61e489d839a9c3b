package io.dioagent.runtime;

import io.dioagent.runtime.memory.AlignedMemory;
import java.nio.ByteBuffer;

/**
 * Memory that direct writes can be made from without a copy. Its contents must not change while a
 * write of it is in flight. Not thread-safe.
 */
public final class AlignedBuffer implements AutoCloseable {
  private final AlignedMemory memory;

  AlignedBuffer(AlignedMemory memory) {
    this.memory = memory;
  }

  AlignedMemory memory() {
    return memory;
  }

  /** All of the memory, to be filled; its position and limit mean nothing to a write. */
  public ByteBuffer byteBuffer() {
    return memory.byteBuffer();
  }

  public int capacityBytes() {
    return memory.capacityBytes();
  }

  /**
   * Whether the kernel may still read it: for a write in flight, or for one that counts as lost.
   */
  public boolean isInUse() {
    return memory.isInUse();
  }

  /** Gives the memory back, once the kernel does not read it any more. */
  @Override
  public void close() {
    memory.close();
  }
}
