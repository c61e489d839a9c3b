package io.dioagent.runtime.linux;

/**
 * Sends the notification that a write(2) makes (fsnotify_modify) by other means, for writes of
 * which the kernel makes none. Blocks while the inode is locked or the file system is frozen.
 */
public final class ModificationNotice {
  // struct timespec[2]: access, modification
  private static final int BYTES = 0x20;
  private static final int ACCESS_NANOS = 0x08;
  private static final int MODIFIED_SECONDS = 0x10;
  private static final int MODIFIED_NANOS = 0x18;
  private static final long UTIME_OMIT = (1L << 30) - 2;
  private static final long ONE_BYTE = 1;

  private ModificationNotice() {}

  /**
   * Sets the modification time to its current value: fs/attr.c calls fsnotify_change with that
   * attribute alone, which is FS_MODIFY. Only the owner of the file may.
   *
   * @return 0, or a negative errno
   */
  public static long bySameTime(int fd) {
    try (CMemory times = new CMemory(BYTES)) {
      FileStamp stamp = FileStatus.stampOf(fd);
      times.bytes().putLong(ACCESS_NANOS, UTIME_OMIT);
      times.bytes().putLong(MODIFIED_SECONDS, stamp.modifiedSeconds());
      times.bytes().putLong(MODIFIED_NANOS, stamp.modifiedNanos());
      return Linux.setTimes(fd, times.address());
    } catch (ErrnoException e) {
      return -e.errno();
    }
  }

  /**
   * Allocates an existing byte, which only sets the times to now. Any process that may write may do
   * so, on file systems that have fallocate(2).
   *
   * @param offset of the byte
   * @return 0, or a negative errno
   */
  public static long byAllocation(int fd, long offset) {
    return Linux.allocateKeepingSize(fd, offset, ONE_BYTE);
  }
}
