package io.dioagent.agent.hook;

import io.dioagent.runtime.api.WriteSource;
import java.nio.ByteBuffer;
import sun.nio.ch.DioNatives;

/** Bytes at several native addresses, one after the other. Used by one thread. */
final class GatherSource implements WriteSource, Iovecs.Copy {
  private final Iovecs parts;

  /**
   * Reads the parts.
   *
   * @param iovecs address of an array of struct iovec
   * @param count its elements
   */
  GatherSource(long iovecs, int count) {
    parts = new Iovecs(iovecs, count);
  }

  @Override
  public long lengthBytes() {
    return parts.lengthBytes();
  }

  @Override
  public void copyTo(long offset, ByteBuffer destination) {
    parts.forEachPart(offset, destination, this);
  }

  @Override
  public void copy(long address, ByteBuffer buffer) {
    DioNatives.copy(address, buffer);
  }
}
