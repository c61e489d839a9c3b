package io.dioagent.runtime.linux;

import java.nio.ByteBuffer;

/**
 * The status of an open file, as statx(2) returns it.
 *
 * @param mode type and permissions, as in st_mode
 * @param sizeBytes length of the file
 * @param device the device's major number in the upper, minor in the lower half
 * @param inode inode number
 * @param dioKnown whether the kernel returned the alignments (STATX_DIOALIGN, Linux 6.1)
 * @param dioMemoryAlignBytes alignment of buffers for direct I/O; 0 if it is not supported
 * @param dioOffsetAlignBytes alignment of offsets and lengths; 0 if it is not supported
 */
public record FileStatus(
    int mode,
    long sizeBytes,
    long device,
    long inode,
    boolean dioKnown,
    int dioMemoryAlignBytes,
    int dioOffsetAlignBytes) {

  // struct statx, include/uapi/linux/stat.h
  //   0x00 __u32 stx_mask        0x1c __u16 stx_mode      0x20 __u64 stx_ino   0x28 __u64 stx_size
  //   0x60 struct statx_timestamp stx_ctime: __s64 seconds, __u32 nanoseconds  0x70 stx_mtime
  //   0x88 __u32 stx_dev_major   0x8c __u32 stx_dev_minor
  //   0x98 __u32 stx_dio_mem_align                        0x9c __u32 stx_dio_offset_align
  static final int BYTES = 0x100;
  static final int MASK = 0x00;
  static final int MODE = 0x1c;
  static final int INODE = 0x20;
  static final int SIZE = 0x28;
  static final int CHANGED = 0x60;
  static final int MODIFIED = 0x70;
  static final int NANOS = 8;
  static final int DEVICE_MAJOR = 0x88;
  static final int DEVICE_MINOR = 0x8c;
  static final int DIO_MEMORY_ALIGN = 0x98;
  static final int DIO_OFFSET_ALIGN = 0x9c;

  private static final int STATX_BASIC_STATS = 0x7ff;
  private static final int STATX_DIOALIGN = 0x2000;
  private static final int S_IFMT = 0xf000;
  private static final int S_IFREG = 0x8000;

  /**
   * Returns an open file's status.
   *
   * @throws ErrnoException if statx(2) fails
   */
  public static FileStatus of(int fd) throws ErrnoException {
    return statx(fd, "");
  }

  /** Returns a file's status by its descriptor; null if that is not open. */
  public static FileStatus ifOpen(int fd) {
    try {
      return statx(fd, "");
    } catch (ErrnoException e) {
      return null;
    }
  }

  /**
   * Returns a file's status by its path, following symbolic links; null if there is no such file.
   */
  public static FileStatus ifThere(String path) {
    try {
      return statx(Linux.AT_FDCWD, path);
    } catch (ErrnoException e) {
      return null;
    }
  }

  private static FileStatus statx(int fd, String path) throws ErrnoException {
    try (CMemory memory = ask(fd, path, STATX_BASIC_STATS | STATX_DIOALIGN)) {
      ByteBuffer b = memory.bytes();
      return new FileStatus(
          b.getShort(MODE) & 0xffff,
          b.getLong(SIZE),
          (long) b.getInt(DEVICE_MAJOR) << 32 | (b.getInt(DEVICE_MINOR) & 0xffffffffL),
          b.getLong(INODE),
          (b.getInt(MASK) & STATX_DIOALIGN) != 0,
          b.getInt(DIO_MEMORY_ALIGN),
          b.getInt(DIO_OFFSET_ALIGN));
    }
  }

  static FileStamp stampOf(int fd) throws ErrnoException {
    try (CMemory memory = ask(fd, "", STATX_BASIC_STATS)) {
      ByteBuffer b = memory.bytes();
      return new FileStamp(
          b.getLong(SIZE),
          b.getLong(MODIFIED),
          b.getInt(MODIFIED + NANOS),
          b.getLong(CHANGED),
          b.getInt(CHANGED + NANOS));
    }
  }

  /** Returns memory that the caller closes. */
  private static CMemory ask(int fd, String path, int mask) throws ErrnoException {
    // The path is behind the struct; the byte behind it is zero.
    byte[] name = Linux.fileName(path);
    CMemory memory = new CMemory(BYTES + name.length + 1);
    memory.bytes().put(BYTES, name).put(BYTES + name.length, (byte) 0);
    long result = Linux.statx(fd, memory.address() + BYTES, mask, memory.address());
    if (Linux.isMissing(result)) {
      result = askOlder(fd, memory);
    }
    if (result < 0) {
      memory.close();
    }
    ErrnoException.check("statx", result);
    return memory;
  }

  // struct stat: st_dev 0x00, st_ino 0x08, st_mode by architecture, st_size 0x30, st_mtim 0x58,
  // st_ctim 0x68; seconds and nanoseconds of 8 bytes each.
  private static final int STAT_BYTES = 144;
  private static final int STAT_INODE = 0x08;
  private static final int STAT_SIZE = 0x30;
  private static final int STAT_MODIFIED = 0x58;
  private static final int STAT_CHANGED = 0x68;

  /** Uses fstatat(2) where statx(2) is missing: returns the same, without the alignments. */
  private static long askOlder(int fd, CMemory statx) {
    try (CMemory stat = new CMemory(STAT_BYTES)) {
      long result = Linux.fstatat(fd, statx.address() + BYTES, stat.address());
      if (result == 0) {
        ByteBuffer from = stat.bytes();
        long device = from.getLong(0);
        statx
            .bytes()
            .putInt(MASK, STATX_BASIC_STATS)
            .putShort(MODE, (short) from.getInt(Linux.statModeAt()))
            .putLong(INODE, from.getLong(STAT_INODE))
            .putLong(SIZE, from.getLong(STAT_SIZE))
            .putLong(MODIFIED, from.getLong(STAT_MODIFIED))
            .putInt(MODIFIED + NANOS, (int) from.getLong(STAT_MODIFIED + Long.BYTES))
            .putLong(CHANGED, from.getLong(STAT_CHANGED))
            .putInt(CHANGED + NANOS, (int) from.getLong(STAT_CHANGED + Long.BYTES))
            .putInt(DEVICE_MAJOR, (int) ((device >>> 8 & 0xfff) | (device >>> 32 & ~0xfffL)))
            .putInt(DEVICE_MINOR, (int) ((device & 0xff) | (device >>> 12 & ~0xffL)));
      }
      return result;
    }
  }

  public boolean isRegularFile() {
    return (mode & S_IFMT) == S_IFREG;
  }

  /** Returns the file's type, for a message. */
  public String type() {
    return switch (mode & S_IFMT) {
      case S_IFREG -> "a regular file";
      case 0x4000 -> "a directory";
      case 0x2000 -> "a character device";
      case 0x6000 -> "a block device";
      case 0x1000 -> "a pipe";
      case 0xc000 -> "a socket";
      default -> "of mode 0" + Integer.toOctalString(mode);
    };
  }
}
