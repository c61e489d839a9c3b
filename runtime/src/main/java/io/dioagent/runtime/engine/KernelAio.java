package io.dioagent.runtime.engine;

import io.dioagent.runtime.api.Errno;
import io.dioagent.runtime.linux.CMemory;
import io.dioagent.runtime.linux.Linux;

/** Linux AIO by raw system calls. */
public final class KernelAio implements AioEngine {
  private static final long NO_CONTEXT = 0;

  /** Makes an engine without state; one serves any number of runtimes. */
  public KernelAio() {}

  @Override
  public AioContext open(int depth) throws AioUnavailableException {
    try (CMemory id = new CMemory(Long.BYTES)) {
      long result = Linux.ioSetup(depth, id.address());
      if (result < 0) {
        throw new AioUnavailableException(
            (int) -result, explain("io_setup(" + depth + ")", (int) -result));
      }
      return new Context(id.bytes().getLong(0));
    }
  }

  /**
   * Probes without making a context. A process that has had a context ends 40 ms later, because the
   * kernel waits until no processor can see it any more. So a process that writes nothing has none.
   * Each call is tried with an invalid context, as a filter may allow one call and not the other.
   */
  @Override
  public void probe(int depth) throws AioUnavailableException {
    try (CMemory id = new CMemory(Long.BYTES)) {
      requireCall("io_setup(" + depth + ")", Linux.ioSetup(0, id.address()));
    }
    requireCall("io_submit", Linux.ioSubmit(NO_CONTEXT, 0, 0));
    requireCall("io_getevents", Linux.ioGetevents(NO_CONTEXT, 0, 0, 0, 0));
  }

  /**
   * Checks a probing call. EINVAL is the kernel's own answer to invalid arguments; any other comes
   * from a filter.
   */
  private static void requireCall(String call, long result) throws AioUnavailableException {
    int errno = (int) -result;
    if (errno != Errno.EINVAL) {
      throw new AioUnavailableException(errno, explain(call, errno));
    }
  }

  private static String explain(String call, int errno) {
    String said = call + " says " + Errno.name(errno);
    return switch (errno) {
      case Errno.EAGAIN ->
          said
              + ": fs.aio-max-nr is "
              + Sysctl.read("fs/aio-max-nr")
              + " and fs.aio-nr in use is "
              + Sysctl.read("fs/aio-nr")
              + "; raise it with sysctl fs.aio-max-nr, or lower queue-depth";
      case Errno.ENOSYS, Errno.EPERM, Errno.EACCES ->
          said
              + ": this kernel or this container's seccomp profile has no AIO; allow io_setup,"
              + " io_submit, io_getevents and io_destroy";
      default -> said + " (" + Errno.message(errno) + ")";
    };
  }

  private static final class Context implements AioContext {
    /** aio_context_t: the address of the ring that the kernel maps. */
    private final long id;

    Context(long id) {
      this.id = id;
    }

    @Override
    public boolean notifiesWatchers() {
      return false;
    }

    @Override
    public int submit(Submissions batch, int first, int count) {
      return (int) Linux.ioSubmit(id, count, batch.pointersAddress(first));
    }

    @Override
    public int reap(Completions batch, int min, long timeoutNanos) {
      return (int)
          Linux.ioGetevents(
              id,
              min,
              batch.capacity(),
              batch.eventsAddress(),
              batch.timespecAddress(timeoutNanos));
    }

    @Override
    public int cancel(Submissions batch, int slot) {
      try (CMemory event = new CMemory(Completions.EVENT_BYTES)) {
        return (int) Linux.ioCancel(id, batch.iocbAddress(slot), event.address());
      }
    }

    @Override
    public void close() {
      Linux.ioDestroy(id);
    }
  }
}
