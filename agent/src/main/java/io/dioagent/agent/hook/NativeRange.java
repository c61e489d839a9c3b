package io.dioagent.agent.hook;

import java.io.FileDescriptor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import sun.nio.ch.DioNatives;

/** Memory at a native address, limited to the length of one call. */
final class NativeRange extends CallMemory {
  private final long address;
  private final int length;

  NativeRange(long address, int length) {
    this.address = address;
    this.length = length;
  }

  @Override
  public long lengthBytes() {
    return Math.min(length, MOST_BYTES);
  }

  @Override
  public void copyTo(long offset, ByteBuffer destination) {
    Objects.checkFromIndexSize(offset, destination.remaining(), lengthBytes());
    DioNatives.copy(address + offset, destination);
  }

  @Override
  public void copyFrom(long offset, ByteBuffer source) {
    Objects.checkFromIndexSize(offset, source.remaining(), lengthBytes());
    DioNatives.copyOut(source, address + offset);
  }

  @Override
  long originalWrite(FileDescriptor descriptor, long position) throws IOException {
    return position == OWN_OFFSET
        ? DioNatives.originalWrite(descriptor, address, length)
        : DioNatives.originalWriteAt(descriptor, address, length, position);
  }

  @Override
  long originalRead(FileDescriptor descriptor, long position) throws IOException {
    return position == OWN_OFFSET
        ? DioNatives.originalRead(descriptor, address, length)
        : DioNatives.originalReadAt(descriptor, address, length, position);
  }
}
