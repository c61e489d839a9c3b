package io.dioagent.runtime.linux;

import java.nio.ByteBuffer;

/**
 * Queries how much of a range the page cache holds, by cachestat(2) (Linux 6.5). The query does not
 * block. Used by one thread at a time.
 */
public final class CacheStatus implements AutoCloseable {
  // struct cachestat_range { __u64 off; __u64 len; };
  // struct cachestat { __u64 nr_cache, nr_dirty, nr_writeback, nr_evicted, nr_recently_evicted; };
  private static final int RANGE_OFFSET = 0;
  private static final int RANGE_LENGTH = 8;
  private static final int RESULT = 16;
  private static final int CACHED = RESULT;
  private static final int DIRTY = RESULT + 8;
  private static final int WRITEBACK = RESULT + 16;
  private static final int BYTES = RESULT + 40;

  private static volatile boolean supported = true;

  private final CMemory memory = new CMemory(BYTES);

  /** Returns whether the kernel has the call; true until a query has found it missing. */
  public static boolean isSupported() {
    return supported;
  }

  /**
   * Queries a range.
   *
   * @return pages of the range in the cache; -1 if the kernel does not report it
   */
  public long query(int fd, long offset, long lengthBytes) {
    if (!supported) {
      return -1;
    }
    ByteBuffer bytes = memory.bytes();
    bytes.putLong(RANGE_OFFSET, offset);
    bytes.putLong(RANGE_LENGTH, lengthBytes);
    long result = Linux.cachestat(fd, memory.address(), memory.address() + RESULT);
    if (result < 0) {
      if (Linux.isMissing(result)) {
        supported = false;
      }
      return -1;
    }
    return bytes.getLong(CACHED);
  }

  /** Returns how many pages of the last range are not on the device yet. */
  public long notWrittenBack() {
    return memory.bytes().getLong(DIRTY) + memory.bytes().getLong(WRITEBACK);
  }

  @Override
  public void close() {
    memory.close();
  }
}
