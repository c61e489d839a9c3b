package io.dioagent.agent.hook;

import io.dioagent.runtime.api.ReadSink;
import java.nio.ByteBuffer;
import java.util.Objects;
import sun.nio.ch.DioNatives;

/**
 * Memory at a native address to read into, limited to the length of one call. Used by one thread.
 */
final class NativeSink implements ReadSink {
  private final long address;
  private final long lengthBytes;

  NativeSink(long address, long lengthBytes) {
    this.address = address;
    this.lengthBytes = Math.min(lengthBytes, Iovecs.MOST_BYTES);
  }

  @Override
  public long lengthBytes() {
    return lengthBytes;
  }

  @Override
  public void copyFrom(long offset, ByteBuffer source) {
    Objects.checkFromIndexSize(offset, source.remaining(), lengthBytes);
    DioNatives.copyOut(source, address + offset);
  }
}
