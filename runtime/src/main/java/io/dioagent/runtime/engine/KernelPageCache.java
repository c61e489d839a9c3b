package io.dioagent.runtime.engine;

import io.dioagent.runtime.api.Errno;
import io.dioagent.runtime.api.RequestInfo;
import io.dioagent.runtime.linux.CacheStatus;
import io.dioagent.runtime.linux.Linux;

/** The kernel's page cache, by its system calls. */
final class KernelPageCache implements PageCache {
  private final CacheStatus status = new CacheStatus();

  @Override
  public long write(RequestInfo part, int fd, GatherList memory, long position, int rwFlags) {
    long result = Linux.pwritev2(fd, memory.address(), memory.count(), position, rwFlags);
    if (result != -Errno.ENOSYS && result != -Errno.EPERM) {
      return result;
    }
    // A kernel before 4.6, or a filter, has the older calls. If the file is the reason, they fail
    // too.
    if (rwFlags != 0) {
      return -Errno.EOPNOTSUPP;
    }
    return position < 0
        ? Linux.writev(fd, memory.address(), memory.count())
        : Linux.pwritev(fd, memory.address(), memory.count(), position);
  }

  @Override
  public long writeBack(RequestInfo range, int fd) {
    return Linux.writeBack(fd, range.offset(), range.lengthBytes());
  }

  @Override
  public long standingError(int fd) {
    return Linux.standingError(fd);
  }

  @Override
  public boolean mayHold(RequestInfo range, int fd) {
    return status.query(fd, range.offset(), range.lengthBytes()) > 0;
  }

  @Override
  public long invalidationError(RequestInfo range, int fd) {
    long result =
        Linux.syncFileRange(
            fd, range.offset(), range.lengthBytes(), Linux.SYNC_FILE_RANGE_WAIT_BEFORE);
    return Linux.isMissing(result)
        ? 0
        : result; // If missing, the application's next fsync returns the error.
  }

  @Override
  public void close() {
    status.close();
  }
}
