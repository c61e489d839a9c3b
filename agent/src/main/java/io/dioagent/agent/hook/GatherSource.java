package io.dioagent.agent.hook;

import io.dioagent.runtime.WriteSource;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import sun.nio.ch.DioHook;

/** Bytes at several native addresses, one after the other. Used by one thread. */
final class GatherSource implements WriteSource {
  private final long[] addresses;

  /** Where each part ends, counted from the start of the source. */
  private final long[] ends;

  private final long lengthBytes;

  /**
   * Reads the parts.
   *
   * @param iovecs address of an array of struct iovec
   * @param count its elements
   */
  GatherSource(long iovecs, int count) {
    addresses = new long[count];
    ends = new long[count];
    long end = 0;
    for (int i = 0; i < count; i++) {
      addresses[i] = DioHook.iovecBase(iovecs, i);
      end += DioHook.iovecLength(iovecs, i);
      ends[i] = end;
    }
    lengthBytes = end;
  }

  @Override
  public long lengthBytes() {
    return lengthBytes;
  }

  @Override
  public void copyTo(long offset, ByteBuffer destination) {
    Objects.checkFromIndexSize(offset, destination.remaining(), lengthBytes);
    int limit = destination.limit();
    long from = offset;
    int part = partAt(offset);
    while (destination.position() < limit) {
      long start = part == 0 ? 0 : ends[part - 1];
      long length = Math.min(ends[part] - from, limit - destination.position());
      destination.limit(destination.position() + (int) length);
      DioHook.copy(addresses[part] + (from - start), destination);
      destination.limit(limit);
      from += length;
      part++;
    }
  }

  /** The part that holds a byte: the first that ends after it. */
  private int partAt(long offset) {
    int found = Arrays.binarySearch(ends, offset);
    int part = found < 0 ? -found - 1 : found + 1;
    while (part > 0 && part < ends.length && ends[part] == offset) {
      part++; // Empty parts end where they start.
    }
    return part;
  }
}
