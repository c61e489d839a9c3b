package io.dioagent.runtime.aio;

import io.dioagent.runtime.RequestInfo;
import io.dioagent.runtime.linux.CacheStatus;
import io.dioagent.runtime.linux.Linux;

/** The kernel's page cache, by its system calls. */
final class KernelPageCache implements PageCache {
  private final CacheStatus status = new CacheStatus();

  @Override
  public long write(RequestInfo part, int fd, GatherList memory, long position, int rwFlags) {
    return Linux.pwritev2(fd, memory.address(), memory.count(), position, rwFlags);
  }

  @Override
  public long writeBack(RequestInfo range, int fd) {
    return Linux.syncFileRange(
        fd,
        range.offset(),
        range.lengthBytes(),
        Linux.SYNC_FILE_RANGE_WAIT_BEFORE
            | Linux.SYNC_FILE_RANGE_WRITE
            | Linux.SYNC_FILE_RANGE_WAIT_AFTER);
  }

  @Override
  public boolean mayHold(RequestInfo range, int fd) {
    return status.query(fd, range.offset(), range.lengthBytes()) > 0;
  }

  @Override
  public long invalidationError(RequestInfo range, int fd) {
    return Linux.syncFileRange(
        fd, range.offset(), range.lengthBytes(), Linux.SYNC_FILE_RANGE_WAIT_BEFORE);
  }

  @Override
  public void close() {
    status.close();
  }
}
