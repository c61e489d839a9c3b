package io.dioagent.runtime.aio;

import io.dioagent.runtime.Errno;
import io.dioagent.runtime.linux.CMemory;
import io.dioagent.runtime.linux.Linux;

/** Linux AIO by raw system calls. */
public final class KernelAio implements AioEngine {
  /** Holds nothing; one serves any number of runtimes. */
  public KernelAio() {}

  @Override
  public AioContext open(int depth) throws AioUnavailableException {
    try (CMemory id = new CMemory(Long.BYTES)) {
      long result = Linux.ioSetup(depth, id.address());
      if (result < 0) {
        throw new AioUnavailableException((int) -result, explain((int) -result, depth));
      }
      return new Context(id.bytes().getLong(0));
    }
  }

  /**
   * Without making one: a process that has had one ends 40 ms later, for the kernel waits until no
   * processor can see the context any more. So one that writes nothing has none.
   */
  @Override
  public void probe(int depth) throws AioUnavailableException {
    try (CMemory id = new CMemory(Long.BYTES)) {
      int errno = (int) -Linux.ioSetup(0, id.address());
      if (errno != Errno.EINVAL) { // What no events at all are; so the call is there.
        throw new AioUnavailableException(errno, explain(errno, depth));
      }
    }
  }

  private static String explain(int errno, int depth) {
    String said = "io_setup(" + depth + ") says " + Errno.name(errno);
    return switch (errno) {
      case Errno.EAGAIN ->
          said
              + ": fs.aio-max-nr is "
              + Sysctl.read("fs/aio-max-nr")
              + " and fs.aio-nr in use is "
              + Sysctl.read("fs/aio-nr")
              + "; raise it with sysctl fs.aio-max-nr, or lower queue-depth";
      case Errno.ENOSYS, Errno.EPERM ->
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
    public boolean tellsWatchers() {
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
