package io.dioagent.runtime.engine;

import io.dioagent.runtime.linux.CMemory;
import java.nio.ByteBuffer;

/**
 * Native completions: an array of struct io_event, as AIO fills it; other engines set them. Not
 * thread-safe.
 *
 * <pre>
 * struct io_event {   // include/uapi/linux/aio_abi.h
 *    0  __u64 data;   // the iocb's aio_data
 *    8  __u64 obj;    // the iocb's address
 *   16  __s64 res;    // bytes, or a negative errno
 *   24  __s64 res2;
 * };
 * struct timespec { __s64 tv_sec; __s64 tv_nsec; };
 * </pre>
 */
public final class Completions implements AutoCloseable {
  static final int EVENT_BYTES = 32;
  static final int DATA = 0;
  static final int RESULT = 16;
  private static final int TIMESPEC_BYTES = 16;
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private final int capacity;
  private final CMemory memory;
  private final ByteBuffer bytes;

  public Completions(int capacity) {
    this.capacity = capacity;
    memory = new CMemory(capacity * EVENT_BYTES + TIMESPEC_BYTES);
    bytes = memory.bytes();
  }

  public int capacity() {
    return capacity;
  }

  public long data(int index) {
    return bytes.getLong(index * EVENT_BYTES + DATA);
  }

  /** Returns bytes, or a negative errno. */
  public long result(int index) {
    return bytes.getLong(index * EVENT_BYTES + RESULT);
  }

  /** Writes a completion, as an engine does. */
  public void set(int index, long data, long result) {
    bytes.putLong(index * EVENT_BYTES + DATA, data);
    bytes.putLong(index * EVENT_BYTES + RESULT, result);
  }

  long eventsAddress() {
    return memory.address();
  }

  long timespecAddress(long timeoutNanos) {
    int at = capacity * EVENT_BYTES;
    bytes.putLong(at, timeoutNanos / NANOS_PER_SECOND);
    bytes.putLong(at + 8, timeoutNanos % NANOS_PER_SECOND);
    return memory.address() + at;
  }

  @Override
  public void close() {
    memory.close();
  }
}
