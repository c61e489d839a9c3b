package io.dioagent.agent.hook;

import io.dioagent.runtime.api.WriteSource;
import java.nio.ByteBuffer;
import java.util.Objects;
import sun.nio.ch.DioNatives;

/** Bytes at a native address, limited to the length of one call. Used by one thread. */
final class NativeSource implements WriteSource {
  private final long address;
  private final long lengthBytes;

  NativeSource(long address, long lengthBytes) {
    this.address = address;
    this.lengthBytes = Math.min(lengthBytes, Iovecs.MOST_BYTES);
  }

  @Override
  public long lengthBytes() {
    return lengthBytes;
  }

  @Override
  public void copyTo(long offset, ByteBuffer destination) {
    Objects.checkFromIndexSize(offset, destination.remaining(), lengthBytes);
    DioNatives.copy(address + offset, destination);
  }
}
