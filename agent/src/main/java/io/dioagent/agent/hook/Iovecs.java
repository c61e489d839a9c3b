package io.dioagent.agent.hook;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import sun.nio.ch.DioNatives;

/**
 * An array of struct iovec: memory at several native addresses, one part after the other, limited
 * to the length of one call.
 */
final class Iovecs {
  /** Limits one call, as read(2) and write(2) do; the next call takes the rest. */
  static final long MOST_BYTES = 0x7ffff000;

  private final long[] addresses;

  /** Where each part ends, counted from the start of the first. */
  private final long[] ends;

  private final long lengthBytes;

  /** Copies between a native address and a buffer, as many bytes as the buffer has remaining. */
  interface Copy {
    void copy(long address, ByteBuffer buffer);
  }

  /**
   * Reads the array.
   *
   * @param iovecs its address
   * @param count its elements
   */
  Iovecs(long iovecs, int count) {
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

  long lengthBytes() {
    return lengthBytes;
  }

  /** Copies a range, part by part: as many bytes as the buffer has remaining. */
  void forEachPart(long offset, ByteBuffer buffer, Copy copy) {
    Objects.checkFromIndexSize(offset, buffer.remaining(), lengthBytes);
    int limit = buffer.limit();
    long from = offset;
    int part = partAt(offset);
    while (buffer.position() < limit) {
      long start = part == 0 ? 0 : ends[part - 1];
      long length = Math.min(ends[part] - from, limit - buffer.position());
      buffer.limit(buffer.position() + (int) length);
      copy.copy(addresses[part] + (from - start), buffer);
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
}
