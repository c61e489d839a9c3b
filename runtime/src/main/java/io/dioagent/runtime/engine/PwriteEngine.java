package io.dioagent.runtime.engine;

import io.dioagent.runtime.api.Errno;
import io.dioagent.runtime.linux.Linux;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;

/**
 * pwritev2(2) by threads of our own, for where the kernel gives neither AIO nor io_uring, as in
 * containers.
 *
 * <p>Threads are bounded, and those that are stuck starve nobody: each context that has writes in
 * flight has one, and all contexts together {@value #MORE_THREADS} more. So where a stuck device
 * holds all of these, the writes of others still go on, though one write's pieces one after the
 * other. Contexts are bounded per device by the runtime.
 */
public final class PwriteEngine implements AioEngine {
  private static final int MORE_THREADS = 256;

  private final ExecutorService threads = SyscallThreads.named("dio-pwrite");
  private final Semaphore more = new Semaphore(MORE_THREADS);

  /** No thread is made before there is something to write. */
  public PwriteEngine() {}

  @Override
  public AioContext open(int depth) throws AioUnavailableException {
    // There is no such descriptor; where the call is allowed, the kernel says so.
    long said = Linux.pwritev2(-1, 0, 0, 0, 0);
    if (said != -Errno.EBADF) {
      throw new AioUnavailableException(
          (int) -said,
          "pwritev2 says "
              + Errno.name((int) -said)
              + ": this kernel is older than 4.6, or this container's seccomp"
              + " profile does not allow it");
    }
    return new PwriteContext(depth, threads, more);
  }
}
