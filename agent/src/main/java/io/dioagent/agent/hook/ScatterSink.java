package io.dioagent.agent.hook;

import io.dioagent.runtime.api.ReadSink;
import java.nio.ByteBuffer;
import sun.nio.ch.DioNatives;

/** Memory at several native addresses to read into, one after the other. Used by one thread. */
final class ScatterSink implements ReadSink, Iovecs.Copy {
  private final Iovecs parts;

  /**
   * Reads the parts.
   *
   * @param iovecs address of an array of struct iovec
   * @param count its elements
   */
  ScatterSink(long iovecs, int count) {
    parts = new Iovecs(iovecs, count);
  }

  @Override
  public long lengthBytes() {
    return parts.lengthBytes();
  }

  @Override
  public void copyFrom(long offset, ByteBuffer source) {
    parts.forEachPart(offset, source, this);
  }

  @Override
  public void copy(long address, ByteBuffer buffer) {
    DioNatives.copyOut(buffer, address);
  }
}
