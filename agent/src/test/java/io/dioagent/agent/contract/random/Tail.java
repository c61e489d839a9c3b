package io.dioagent.agent.contract.random;

import io.dioagent.agent.contract.Bytes;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Records that many threads append behind the stripes, each by one write and with its thread's
 * number. Thread-safe except for {@link #expect}, during which no thread may append.
 */
final class Tail {
  private static final int HEADER_BYTES = 3 * Integer.BYTES;

  /** Of each thread, the next record's number; and that of the first one that is in the file. */
  private final int[] next;

  private final int[] first;
  private final AtomicLong lengthBytes = new AtomicLong();

  Tail(int threads) {
    next = new int[threads];
    first = new int[threads];
  }

  /** The next record of a thread, made by that. */
  byte[] record(int thread, int contentBytes) {
    return record(thread, next[thread], contentBytes);
  }

  private static byte[] record(int thread, int number, int contentBytes) {
    return ByteBuffer.allocate(HEADER_BYTES + contentBytes)
        .putInt(thread)
        .putInt(number)
        .putInt(contentBytes)
        .put(Bytes.of(((long) thread << 32) + number, contentBytes))
        .array();
  }

  /** By the same thread: the record is in the file. */
  void appended(int thread, byte[] record) {
    next[thread]++;
    lengthBytes.addAndGet(record.length);
  }

  /** Of the records that are certain to be there. */
  long lengthBytes() {
    return lengthBytes.get();
  }

  /** Called when the records are removed; no thread appends meanwhile. */
  void cut() {
    System.arraycopy(next, 0, first, 0, next.length);
    lengthBytes.set(0);
  }

  /** Checks the tail: each record once and in one piece, each thread's in their order. */
  void expect(byte[] found) throws Difference {
    if (found.length != lengthBytes.get()) {
      throw new Difference("bytes of all records", found.length, lengthBytes.get());
    }
    int[] expected = first.clone();
    for (ByteBuffer rest = ByteBuffer.wrap(found); rest.hasRemaining(); ) {
      int at = rest.position();
      int thread = rest.remaining() < HEADER_BYTES ? -1 : rest.getInt(at);
      if (thread < 0 || thread >= expected.length) {
        throw new Difference("record at " + at, "thread " + thread, "one of " + expected.length);
      }
      int contentBytes = rest.getInt(at + 2 * Integer.BYTES);
      byte[] record = record(thread, expected[thread]++, Math.max(0, contentBytes));
      int end = Math.min(found.length, at + record.length);
      if (!Arrays.equals(found, at, end, record, 0, record.length)) {
        throw new Difference(
            "record at " + at + " of thread " + thread,
            "number " + rest.getInt(at + Integer.BYTES) + ", or other content",
            "number " + (expected[thread] - 1));
      }
      rest.position(end);
    }
    if (!Arrays.equals(expected, next)) {
      throw new Difference("records", Arrays.toString(expected), Arrays.toString(next));
    }
  }
}
