package io.dioagent.agent.hook;

import java.io.FileDescriptor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import sun.nio.ch.DioNatives;

/** A range of the array that a stream writes or reads, at the descriptor's own offset. */
final class ArrayRange extends CallMemory {
  private final byte[] bytes;
  private final int start;
  private final int length;

  ArrayRange(byte[] bytes, int start, int length) {
    this.bytes = bytes;
    this.start = start;
    this.length = length;
  }

  /** Returns the rest of the range behind some bytes that are done. */
  ArrayRange after(int doneBytes) {
    return new ArrayRange(bytes, start + doneBytes, length - doneBytes);
  }

  @Override
  public long lengthBytes() {
    return length;
  }

  @Override
  public void copyTo(long offset, ByteBuffer destination) {
    int copied = destination.remaining();
    destination.put(
        bytes, start + Objects.checkFromIndexSize((int) offset, copied, length), copied);
  }

  @Override
  public void copyFrom(long offset, ByteBuffer source) {
    int copied = source.remaining();
    source.get(bytes, start + Objects.checkFromIndexSize((int) offset, copied, length), copied);
  }

  /** Writes all bytes, or throws. */
  @Override
  long originalWrite(FileDescriptor descriptor, long position) throws IOException {
    DioNatives.originalWriteBytes(descriptor, bytes, start, length);
    return length;
  }

  @Override
  long originalRead(FileDescriptor descriptor, long position) throws IOException {
    return DioNatives.originalReadBytes(descriptor, bytes, start, length);
  }
}
