package io.dioagent.runtime.engine;

import io.dioagent.runtime.api.Errno;
import io.dioagent.runtime.linux.CMemory;
import io.dioagent.runtime.linux.Linux;

/** io_uring by raw system calls (Linux 5.11). Each context is a ring, and one descriptor. */
public final class KernelUring implements AioEngine {
  /** Makes an engine without state; one serves any number of runtimes. */
  public KernelUring() {}

  @Override
  public AioContext open(int depth) throws AioUnavailableException {
    try (CMemory parameters = new CMemory(UringLayout.PARAMETERS_BYTES)) {
      int fd = check("io_uring_setup", depth, Linux.ioUringSetup(depth, parameters.address()));
      boolean done = false;
      try {
        int features = parameters.bytes().getInt(UringLayout.FEATURES);
        if ((features & UringLayout.FEATURES_NEEDED) != UringLayout.FEATURES_NEEDED) {
          throw new AioUnavailableException(
              Errno.ENOSYS,
              "this kernel's io_uring has the features 0x"
                  + Integer.toHexString(features)
                  + ", expected 0x"
                  + Integer.toHexString(UringLayout.FEATURES_NEEDED)
                  + " among them, as from Linux 5.11 on; take engine=aio");
        }
        // Submits nothing: a filter may allow the one call and not the other.
        int unused = check("io_uring_enter", depth, Linux.ioUringEnter(fd, 0, 0, 0, 0, 0));
        AioContext context = map(fd, depth, parameters);
        done = true;
        return context;
      } finally {
        if (!done) {
          Linux.close(fd);
        }
      }
    }
  }

  private static AioContext map(int fd, int depth, CMemory parameters)
      throws AioUnavailableException {
    long ringsBytes = UringLayout.ringsBytes(parameters.bytes());
    long entriesBytes = UringLayout.entriesBytes(parameters.bytes());
    long rings = Linux.mapShared(fd, ringsBytes, UringLayout.OFFSET_OF_RINGS);
    refuse("mmap of the rings", depth, rings);
    long entries = Linux.mapShared(fd, entriesBytes, UringLayout.OFFSET_OF_ENTRIES);
    if (entries < 0) {
      Linux.unmapMemory(rings, ringsBytes);
    }
    refuse("mmap of the entries", depth, entries);
    return new UringContext(fd, parameters.bytes(), rings, entries);
  }

  private static int check(String call, int depth, long result) throws AioUnavailableException {
    refuse(call, depth, result);
    return (int) result;
  }

  private static void refuse(String call, int depth, long result) throws AioUnavailableException {
    if (result < 0) {
      int errno = (int) -result;
      throw new AioUnavailableException(
          errno, call + "(" + depth + ") says " + Errno.name(errno) + explain(errno));
    }
  }

  private static String explain(int errno) {
    return switch (errno) {
      case Errno.ENOSYS, Errno.EPERM ->
          ": kernel.io_uring_disabled is "
              + Sysctl.read("kernel/io_uring_disabled")
              + ", 0 allows it; or this kernel or this container's seccomp profile has no io_uring:"
              + " allow io_uring_setup and io_uring_enter, or take engine=auto";
      case Errno.ENOMEM -> ": raise the limit of locked memory (ulimit -l), or lower queue-depth";
      case Errno.EMFILE, Errno.ENFILE ->
          ": each ring is a descriptor; raise the limit of open files (ulimit -n)";
      default -> " (" + Errno.message(errno) + ")";
    };
  }
}
