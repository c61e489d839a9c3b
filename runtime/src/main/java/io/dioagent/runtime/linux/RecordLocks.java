package io.dioagent.runtime.linux;

import java.nio.ByteBuffer;

/** The record locks of an open file (fcntl(2)), as the kernel has them. */
public final class RecordLocks {
  /** Returned if a lock belongs to an open file description, not to a process. */
  public static final long NO_PROCESS = Long.MAX_VALUE;

  // struct flock, include/uapi/asm-generic/fcntl.h, 64-bit
  //   0x00 short l_type  0x02 short l_whence  0x08 l_start  0x10 l_len  0x18 int l_pid
  private static final int BYTES = 0x20;
  private static final int TYPE = 0x00;
  private static final int PID = 0x18;
  private static final short F_WRLCK = 1;
  private static final short F_UNLCK = 2;

  private RecordLocks() {}

  /**
   * Returns a process that has a lock on a file, this process included: the query is made for an
   * open file description, which belongs to no process. Does not block on a local file system.
   *
   * @return 0 if there is no lock; otherwise the process of one of the locks, {@link #NO_PROCESS},
   *     or a negative errno
   */
  public static long holder(int fd) {
    try (CMemory flock = new CMemory(BYTES)) {
      ByteBuffer b = flock.bytes();
      b.putShort(TYPE, F_WRLCK); // The whole file: from 0, without an end.
      long result = Linux.conflictingLock(fd, flock.address());
      if (result < 0) {
        return result;
      }
      if (b.getShort(TYPE) == F_UNLCK) {
        return 0;
      }
      int pid = b.getInt(PID);
      return pid > 0 ? pid : NO_PROCESS;
    }
  }
}
