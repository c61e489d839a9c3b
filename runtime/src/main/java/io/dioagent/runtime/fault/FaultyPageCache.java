package io.dioagent.runtime.fault;

import io.dioagent.runtime.api.Errno;
import io.dioagent.runtime.api.RequestInfo;
import io.dioagent.runtime.engine.GatherList;
import io.dioagent.runtime.engine.PageCache;
import java.util.concurrent.TimeUnit;

/** The page cache, with faults in front. One thread at a time. */
final class FaultyPageCache implements PageCache {
  private static final long FOREVER_NANOS = TimeUnit.DAYS.toNanos(36_500);

  private final PageCache kernel;
  private final Faults faults;

  FaultyPageCache(PageCache kernel, Faults faults) {
    this.kernel = kernel;
    this.faults = faults;
  }

  @Override
  public long write(RequestInfo part, int fd, GatherList memory, long position, int rwFlags) {
    FaultRule rule = faults.striking(part, FaultKind::isOfBufferedWrites);
    if (rule == null) {
      return kernel.write(part, fd, memory, position, rwFlags);
    }
    switch (rule.kind()) {
      case EIO -> {
        return -Errno.EIO;
      }
      case ENOSPC -> {
        return -Errno.ENOSPC;
      }
      case SHORT -> memory.shortenTo((memory.lengthBytes() + 1) / 2);
      case LOSE -> {
        long written = kernel.write(part, fd, memory, position, rwFlags);
        Faults.block(FOREVER_NANOS);
        return written;
      }
      default -> Faults.block(rule.time().toNanos());
    }
    return kernel.write(part, fd, memory, position, rwFlags);
  }

  @Override
  public long writeBack(RequestInfo range, int fd) {
    return kernel.writeBack(range, fd);
  }

  @Override
  public long standingError(int fd) {
    return kernel.standingError(fd);
  }

  @Override
  public boolean mayHold(RequestInfo range, int fd) {
    return faults.mayStrike(range, FaultKind.INVALIDATE_EIO::equals) || kernel.mayHold(range, fd);
  }

  @Override
  public long invalidationError(RequestInfo range, int fd) {
    long real = kernel.invalidationError(range, fd);
    boolean struck = faults.striking(range, FaultKind.INVALIDATE_EIO::equals) != null;
    return struck ? -Errno.EIO : real;
  }

  @Override
  public void close() {
    kernel.close();
  }
}
