package io.dioagent.runtime.linux;

/**
 * Numbers and flags that differ between architectures, from asm/unistd_64.h (x86-64),
 * asm-generic/unistd.h (aarch64) and asm/fcntl.h.
 */
record SyscallNumbers(
    int ioSetup,
    int ioDestroy,
    int ioSubmit,
    int ioCancel,
    int ioGetevents,
    int ioUringSetup,
    int ioUringEnter,
    int openat,
    int readlinkat,
    int close,
    int lseek,
    int fcntl,
    int ftruncate,
    int fsync,
    int fdatasync,
    int fadvise64,
    int syncFileRange,
    int pread64,
    int preadv,
    int writev,
    int pwritev,
    int pwritev2,
    int statx,
    int newfstatat,
    int fstatfs,
    int cachestat,
    int mmap,
    int munmap,
    int utimensat,
    int fallocate,
    int futex,
    int clockNanosleep,
    int oDirect,
    int statModeAt) {

  static final SyscallNumbers X86_64 =
      new SyscallNumbers(
          206, 207, 209, 210, 208, 425, 426, 257, 267, 3, 8, 72, 77, 74, 75, 221, 277, 17, 295, 20,
          296, 328, 332, 262, 138, 451, 9, 11, 280, 285, 202, 230, 0x4000, 24);

  static final SyscallNumbers AARCH64 =
      new SyscallNumbers(
          0, 1, 2, 3, 4, 425, 426, 56, 78, 57, 62, 25, 46, 82, 83, 223, 84, 67, 69, 66, 70, 287,
          291, 79, 44, 451, 222, 215, 88, 47, 98, 115, 0x10000, 16);

  /**
   * Returns the numbers for an architecture.
   *
   * @param osArch as in the system property os.arch
   * @throws UnsupportedOperationException for any but x86-64 and aarch64
   */
  static SyscallNumbers forArchitecture(String osArch) {
    return switch (osArch) {
      case "amd64", "x86_64" -> X86_64;
      case "aarch64" -> AARCH64;
      default ->
          throw new UnsupportedOperationException(
              "architecture is " + osArch + ", expected amd64 or aarch64");
    };
  }
}
