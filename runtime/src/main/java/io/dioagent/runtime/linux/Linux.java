package io.dioagent.runtime.linux;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/**
 * System calls, named as in section 2 of the manual. All return the kernel's answer: a result, or a
 * negative errno. Any thread may call; no call holds a lock of the runtime.
 */
public final class Linux {
  private static final long NANOS_PER_SECOND = 1_000_000_000;

  /** Of bits/time.h. */
  private static final int CLOCK_MONOTONIC = 1;

  private static final SyscallNumbers NR =
      SyscallNumbers.forArchitecture(System.getProperty("os.arch"));

  static final int AT_FDCWD = -100;
  private static final int AT_EMPTY_PATH = 0x1000;
  private static final int F_GETFL = 3;
  private static final int F_OFD_GETLK = 36;
  private static final int F_DUPFD_CLOEXEC = 1030;
  private static final int FALLOC_FL_KEEP_SIZE = 1;
  private static final int SEEK_SET = 0;
  private static final int SEEK_CUR = 1;
  private static final int PROT_READ_WRITE = 3;
  private static final int MAP_PRIVATE_ANONYMOUS = 0x22;
  private static final int MAP_SHARED_POPULATE = 0x8001;
  private static final int POSIX_FADV_DONTNEED = 4;

  private static final int EPERM = 1;
  private static final int EINVAL = 22;
  private static final int ENOSYS = 38;

  public static final int O_ACCMODE = 3;
  public static final int O_RDONLY = 0;
  public static final int O_WRONLY = 1;
  public static final int O_RDWR = 2;
  public static final int O_CREAT = 0x40;
  public static final int O_EXCL = 0x80;
  public static final int O_TRUNC = 0x200;
  public static final int O_APPEND = 0x400;
  public static final int O_DSYNC = 0x1000;
  public static final int O_SYNC = 0x101000;
  public static final int O_CLOEXEC = 0x80000;
  public static final int O_DIRECT = NR.oDirect();

  public static final int RWF_DSYNC = 2;
  public static final int RWF_NOWAIT = 8;
  public static final int RWF_DONTCACHE = 0x80;

  public static final int SYNC_FILE_RANGE_WAIT_BEFORE = 1;
  public static final int SYNC_FILE_RANGE_WRITE = 2;
  public static final int SYNC_FILE_RANGE_WAIT_AFTER = 4;

  public static final long PAGE_BYTES = 4096;

  private Linux() {}

  public static long ioSetup(int events, long contextAddress) {
    return LibC.call(NR.ioSetup(), events, contextAddress, 0, 0, 0, 0);
  }

  public static long ioDestroy(long context) {
    return LibC.call(NR.ioDestroy(), context, 0, 0, 0, 0, 0);
  }

  public static long ioSubmit(long context, long count, long iocbPointersAddress) {
    return LibC.call(NR.ioSubmit(), context, count, iocbPointersAddress, 0, 0, 0);
  }

  public static long ioCancel(long context, long iocbAddress, long eventAddress) {
    return LibC.call(NR.ioCancel(), context, iocbAddress, eventAddress, 0, 0, 0);
  }

  public static long ioGetevents(
      long context, long min, long max, long eventsAddress, long timespecAddress) {
    return LibC.call(NR.ioGetevents(), context, min, max, eventsAddress, timespecAddress, 0);
  }

  /** io_uring_setup(2): a descriptor, closed on exec. */
  public static long ioUringSetup(int entries, long parametersAddress) {
    return LibC.call(NR.ioUringSetup(), entries, parametersAddress, 0, 0, 0, 0);
  }

  public static long ioUringEnter(
      int fd, int submit, int minComplete, int flags, long argumentAddress, long argumentBytes) {
    return LibC.call(
        NR.ioUringEnter(), fd, submit, minComplete, flags, argumentAddress, argumentBytes);
  }

  /** open(2) of a path, encoded as the C library does; not relative to a directory descriptor. */
  public static long open(String path, int flags, int mode) {
    byte[] name = fileName(path);
    try (CMemory memory = new CMemory(name.length + 1)) {
      memory.bytes().put(0, name).put(name.length, (byte) 0);
      return LibC.call(NR.openat(), AT_FDCWD, memory.address(), flags, mode, 0, 0);
    }
  }

  /**
   * Sleeps in clock_nanosleep(2): held by the kernel, and not by a lock of this process as {@link
   * Thread#sleep} is. A signal ends it early.
   */
  public static void sleepInKernel(long nanos) {
    try (CMemory timespec = new CMemory(2 * Long.BYTES)) {
      timespec.bytes().putLong(0, nanos / NANOS_PER_SECOND);
      timespec.bytes().putLong(Long.BYTES, nanos % NANOS_PER_SECOND);
      long unused = LibC.call(NR.clockNanosleep(), CLOCK_MONOTONIC, 0, timespec.address(), 0, 0, 0);
    }
  }

  /** Returns the number of futex(2), by which threads of one process wait for each other. */
  public static int futexNumber() {
    return NR.futex();
  }

  /**
   * Returns the real path of a descriptor's file (proc(5), /proc/self/fd), or null if it has none.
   */
  public static String pathOf(int fd) {
    // Not by java.nio.file: an application may have installed its own file system there.
    return readLink("/proc/self/fd/" + fd);
  }

  /**
   * readlink(2) of a path that is ASCII and shorter than 64 characters.
   *
   * @return the target, decoded as the JDK decodes file names; null if it cannot be read
   */
  public static String readLink(String asciiPath) {
    byte[] name = asciiPath.getBytes(StandardCharsets.US_ASCII);
    LinkBuffer buffer = LinkBuffer.take();
    try {
      buffer.name().put(0, name).put(name.length, (byte) 0);
      long length =
          LibC.call(
              NR.readlinkat(),
              AT_FDCWD,
              buffer.nameAddress(),
              buffer.targetAddress(),
              LinkBuffer.TARGET_BYTES,
              0,
              0);
      if (length < 0) {
        return null;
      }
      byte[] target = new byte[(int) length];
      buffer.target().get(0, target);
      return new String(target, FILE_NAMES);
    } finally {
      buffer.giveBack();
    }
  }

  public static long close(int fd) {
    return LibC.call(NR.close(), fd, 0, 0, 0, 0, 0);
  }

  /** fcntl(F_GETFL): access mode and status flags. */
  public static long statusFlags(int fd) {
    return LibC.call(NR.fcntl(), fd, F_GETFL, 0, 0, 0, 0);
  }

  /** fcntl(F_DUPFD_CLOEXEC): another descriptor of the same open file description. */
  public static long duplicate(int fd) {
    return LibC.call(NR.fcntl(), fd, F_DUPFD_CLOEXEC, 3, 0, 0, 0);
  }

  /** fcntl(F_OFD_GETLK): the first lock that conflicts with one of this open file description. */
  static long conflictingLock(int fd, long flockAddress) {
    return LibC.call(NR.fcntl(), fd, F_OFD_GETLK, flockAddress, 0, 0, 0);
  }

  /** utimensat(2) of an open file. */
  static long setTimes(int fd, long timespecsAddress) {
    return LibC.call(NR.utimensat(), fd, 0, timespecsAddress, 0, 0, 0);
  }

  /** fallocate(2) with FALLOC_FL_KEEP_SIZE. */
  static long allocateKeepingSize(int fd, long offset, long lengthBytes) {
    return LibC.call(NR.fallocate(), fd, FALLOC_FL_KEEP_SIZE, offset, lengthBytes, 0, 0);
  }

  public static long position(int fd) {
    return LibC.call(NR.lseek(), fd, 0, SEEK_CUR, 0, 0, 0);
  }

  public static long seek(int fd, long position) {
    return LibC.call(NR.lseek(), fd, position, SEEK_SET, 0, 0, 0);
  }

  public static long ftruncate(int fd, long lengthBytes) {
    return LibC.call(NR.ftruncate(), fd, lengthBytes, 0, 0, 0, 0);
  }

  public static long fsync(int fd) {
    return LibC.call(NR.fsync(), fd, 0, 0, 0, 0, 0);
  }

  public static long fdatasync(int fd) {
    return LibC.call(NR.fdatasync(), fd, 0, 0, 0, 0, 0);
  }

  /** posix_fadvise(2) with POSIX_FADV_DONTNEED: drops clean pages of a range. */
  public static long dropPages(int fd, long offset, long lengthBytes) {
    return LibC.call(NR.fadvise64(), fd, offset, lengthBytes, POSIX_FADV_DONTNEED, 0, 0);
  }

  /**
   * Writes a range back and waits until the device has it: by sync_file_range(2), or if that is
   * missing by fdatasync(2), which does more.
   */
  public static long writeBack(int fd, long offset, long lengthBytes) {
    long result =
        syncFileRange(
            fd,
            offset,
            lengthBytes,
            SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE | SYNC_FILE_RANGE_WAIT_AFTER);
    if (isMissing(result)) {
      result = fdatasync(fd);
    }
    return isMissing(result) ? 0 : result; // The kernel writes it back in its own time.
  }

  /** An offset above the largest possible file, so no file has pages here. */
  private static final long NO_PAGES = 1L << 62;

  /**
   * Returns the write-back error that this open file description has not received yet, as its
   * fsync(2) would. Does not wait.
   *
   * @return 0 or a negative errno
   */
  public static long standingError(int fd) {
    long result = syncFileRange(fd, NO_PAGES, PAGE_BYTES, SYNC_FILE_RANGE_WAIT_BEFORE);
    // An unsupported call is no error of a device.
    return isMissing(result) || result == -EINVAL ? 0 : result;
  }

  public static long syncFileRange(int fd, long offset, long lengthBytes, int flags) {
    return LibC.call(NR.syncFileRange(), fd, offset, lengthBytes, flags, 0, 0);
  }

  /** pread(2), or if that is missing preadv(2). */
  public static long pread(int fd, long address, long lengthBytes, long position) {
    long result = LibC.call(NR.pread64(), fd, address, lengthBytes, position, 0, 0);
    if (!isMissing(result)) {
      return result;
    }
    // struct iovec { void *iov_base; size_t iov_len; };
    try (CMemory iovec = new CMemory(2 * Long.BYTES)) {
      iovec.bytes().putLong(0, address).putLong(Long.BYTES, lengthBytes);
      return LibC.call(NR.preadv(), fd, iovec.address(), 1, position, 0, 0);
    }
  }

  public static long writev(int fd, long iovecAddress, int count) {
    return LibC.call(NR.writev(), fd, iovecAddress, count, 0, 0, 0);
  }

  public static long pwritev(int fd, long iovecAddress, int count, long position) {
    return LibC.call(NR.pwritev(), fd, iovecAddress, count, position, 0, 0);
  }

  /** pwritev2(2); a position of -1 means the descriptor's own. */
  public static long pwritev2(int fd, long iovecAddress, int count, long position, int flags) {
    return LibC.call(NR.pwritev2(), fd, iovecAddress, count, position, 0, flags);
  }

  /** statx(2) of a path, or of the descriptor if the path is empty. */
  static long statx(int fd, long pathAddress, int mask, long statxAddress) {
    return LibC.call(NR.statx(), fd, pathAddress, AT_EMPTY_PATH, mask, statxAddress, 0);
  }

  /** fstatat(2), as {@link #statx}. */
  static long fstatat(int fd, long pathAddress, long statAddress) {
    return LibC.call(NR.newfstatat(), fd, pathAddress, statAddress, AT_EMPTY_PATH, 0, 0);
  }

  /** Returns the offset of st_mode in struct stat. */
  static int statModeAt() {
    return NR.statModeAt();
  }

  /** Returns whether a call is not available: an old kernel, or a seccomp filter. */
  public static boolean isMissing(long result) {
    return result == -ENOSYS || result == -EPERM;
  }

  /** Returns a path's bytes as the C library encodes it, without the terminating zero. */
  static byte[] fileName(String path) {
    return path.getBytes(FILE_NAMES);
  }

  static long fstatfs(int fd, long statfsAddress) {
    return LibC.call(NR.fstatfs(), fd, statfsAddress, 0, 0, 0, 0);
  }

  static long cachestat(int fd, long rangeAddress, long cachestatAddress) {
    return LibC.call(NR.cachestat(), fd, rangeAddress, cachestatAddress, 0, 0, 0);
  }

  /** Anonymous private memory, page-aligned and zeroed; the address, or a negative errno. */
  public static long mapMemory(long lengthBytes) {
    return LibC.call(NR.mmap(), 0, lengthBytes, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS, -1, 0);
  }

  /**
   * Maps memory that a descriptor shares with the kernel, such as a ring; the address, or a
   * negative errno.
   */
  public static long mapShared(int fd, long lengthBytes, long offset) {
    return LibC.call(NR.mmap(), 0, lengthBytes, PROT_READ_WRITE, MAP_SHARED_POPULATE, fd, offset);
  }

  public static long unmapMemory(long address, long lengthBytes) {
    return LibC.call(NR.munmap(), address, lengthBytes, 0, 0, 0, 0);
  }

  /**
   * Returns a view of native memory, in the machine's byte order. It does not keep the memory
   * alive.
   */
  public static ByteBuffer view(long address, long lengthBytes) {
    return new Pointer(address).getByteBuffer(0, lengthBytes).order(ByteOrder.nativeOrder());
  }

  /** malloc(3), freed by {@link #free}. */
  static long malloc(long lengthBytes) {
    return Native.malloc(lengthBytes);
  }

  static void free(long address) {
    Native.free(address);
  }

  /** Returns the charset in which file names are decoded and encoded. */
  public static Charset fileNames() {
    return FILE_NAMES;
  }

  // As the JDK's, except in a locale without an encoding (LANG=C), where the JDK uses ASCII alone.
  // UTF-8 includes ASCII, and decodes the names of the other files too.
  private static final Charset FILE_NAMES = fileNameCharset();

  private static Charset fileNameCharset() {
    String name = System.getProperty("sun.jnu.encoding");
    Charset charset =
        name != null && Charset.isSupported(name) ? Charset.forName(name) : StandardCharsets.UTF_8;
    return charset.equals(StandardCharsets.US_ASCII) ? StandardCharsets.UTF_8 : charset;
  }
}
