package io.dioagent.agent.hook;

import java.io.FileDescriptor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import sun.nio.ch.DioNatives;

/**
 * An array of struct iovec: memory at several native addresses, one part after the other, limited
 * to the length of one call. Its calls are at the descriptor's own offset.
 */
final class Iovecs extends CallMemory {
  private final long iovecs;
  private final long[] addresses;

  /** Where each part ends, counted from the start of the first. */
  private final long[] ends;

  private final long lengthBytes;

  /**
   * Reads the array.
   *
   * @param iovecs its address
   * @param count its elements
   */
  Iovecs(long iovecs, int count) {
    this.iovecs = iovecs;
    addresses = new long[count];
    ends = new long[count];
    long end = 0;
    for (int i = 0; i < count; i++) {
      addresses[i] = DioNatives.iovecBase(iovecs, i);
      end += DioNatives.iovecLength(iovecs, i);
      ends[i] = end;
    }
    lengthBytes = Math.min(end, MOST_BYTES);
  }

  @Override
  public long lengthBytes() {
    return lengthBytes;
  }

  @Override
  public void copyTo(long offset, ByteBuffer destination) {
    copy(offset, destination, false);
  }

  @Override
  public void copyFrom(long offset, ByteBuffer source) {
    copy(offset, source, true);
  }

  /** Copies a range, part by part: as many bytes as the buffer has remaining. */
  private void copy(long offset, ByteBuffer buffer, boolean fromBuffer) {
    Objects.checkFromIndexSize(offset, buffer.remaining(), lengthBytes);
    int limit = buffer.limit();
    long from = offset;
    int part = partAt(offset);
    while (buffer.position() < limit) {
      long start = part == 0 ? 0 : ends[part - 1];
      long length = Math.min(ends[part] - from, limit - buffer.position());
      buffer.limit(buffer.position() + (int) length);
      long address = addresses[part] + (from - start);
      if (fromBuffer) {
        DioNatives.copyOut(buffer, address);
      } else {
        DioNatives.copy(address, buffer);
      }
      buffer.limit(limit);
      from += length;
      part++;
    }
  }

  /** Returns the part that holds a byte: the first that ends after it. */
  private int partAt(long offset) {
    int found = Arrays.binarySearch(ends, offset);
    int part = found < 0 ? -found - 1 : found + 1;
    while (part > 0 && part < ends.length && ends[part] == offset) {
      part++; // Empty parts end where they start.
    }
    return part;
  }

  @Override
  long originalWrite(FileDescriptor descriptor, long position) throws IOException {
    return DioNatives.originalGather(descriptor, iovecs, addresses.length);
  }

  @Override
  long originalRead(FileDescriptor descriptor, long position) throws IOException {
    return DioNatives.originalScatter(descriptor, iovecs, addresses.length);
  }
}
