package io.dioagent.runtime.engine;

import io.dioagent.runtime.api.Errno;
import io.dioagent.runtime.linux.Linux;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;

/**
 * Writes by the runtime's own threads in pwritev2(2). For kernels that grant neither AIO nor
 * io_uring, as in containers.
 *
 * <p>Threads are bounded, and stuck threads do not starve other writes: each context with writes in
 * flight has one thread, and all contexts together {@value #MORE_THREADS} more. So if a stuck
 * device holds all of these, the writes of other devices still go on, though the pieces of one
 * write go one after the other. The runtime bounds the contexts per device.
 */
public final class PwriteEngine implements AioEngine {
  private static final int MORE_THREADS = 256;

  private final ExecutorService threads = SyscallThreads.named("dio-pwrite");
  private final Semaphore more = new Semaphore(MORE_THREADS);

  /** Makes an engine. No thread is started before there is something to write. */
  public PwriteEngine() {}

  @Override
  public AioContext open(int depth) throws AioUnavailableException {
    // There is no such descriptor; if the call is allowed, the kernel returns EBADF.
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
