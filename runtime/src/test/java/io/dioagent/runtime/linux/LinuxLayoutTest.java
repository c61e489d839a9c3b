package io.dioagent.runtime.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.runtime.testing.CProgram;
import io.dioagent.runtime.testing.Scratch;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** System-call numbers, flags and structs, checked by the machine's own headers and by use. */
class LinuxLayoutTest {
  private static final Pattern DEFINITION =
      Pattern.compile("#define __NR(?:3264)?_(\\w+)\\s+(\\d+)\\s*");

  private final Scratch scratch = new Scratch();

  @AfterEach
  void close() {
    scratch.close();
  }

  private static Map<String, Integer> namesAndNumbers(SyscallNumbers numbers) {
    Map<String, Integer> all = new TreeMap<>();
    all.put("io_setup", numbers.ioSetup());
    all.put("io_destroy", numbers.ioDestroy());
    all.put("io_submit", numbers.ioSubmit());
    all.put("io_cancel", numbers.ioCancel());
    all.put("io_getevents", numbers.ioGetevents());
    all.put("io_uring_setup", numbers.ioUringSetup());
    all.put("io_uring_enter", numbers.ioUringEnter());
    all.put("openat", numbers.openat());
    all.put("close", numbers.close());
    all.put("lseek", numbers.lseek());
    all.put("fcntl", numbers.fcntl());
    all.put("ftruncate", numbers.ftruncate());
    all.put("fsync", numbers.fsync());
    all.put("fdatasync", numbers.fdatasync());
    all.put("fadvise64", numbers.fadvise64());
    all.put("sync_file_range", numbers.syncFileRange());
    all.put("pread64", numbers.pread64());
    all.put("preadv", numbers.preadv());
    all.put("writev", numbers.writev());
    all.put("pwritev", numbers.pwritev());
    all.put("pwritev2", numbers.pwritev2());
    all.put("statx", numbers.statx());
    all.put("fstatfs", numbers.fstatfs());
    all.put("cachestat", numbers.cachestat());
    all.put("mmap", numbers.mmap());
    all.put("munmap", numbers.munmap());
    return all;
  }

  /** The header may be older than a call, but if it has a name it has the runtime's number. */
  private static void assertNumbers(Path header, SyscallNumbers numbers) throws Exception {
    CProgram.skipUnless(Files.exists(header), header + " is not here");
    Map<String, Integer> theirs = new TreeMap<>();
    for (String line : Files.readAllLines(header)) {
      Matcher matcher = DEFINITION.matcher(line);
      if (matcher.matches()) {
        theirs.put(matcher.group(1), Integer.parseInt(matcher.group(2)));
      }
    }
    int compared = 0;
    for (Map.Entry<String, Integer> one : namesAndNumbers(numbers).entrySet()) {
      Integer number = theirs.get(one.getKey());
      if (number == null) {
        System.out.println(header + " does not know " + one.getKey());
      } else {
        assertEquals(number, one.getValue(), one.getKey() + " in " + header);
        compared++;
      }
    }
    assertTrue(compared >= 17, header + " knows only " + compared);
  }

  @Test
  void numbersOfX86() throws Exception {
    assertNumbers(Path.of("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"), SyscallNumbers.X86_64);
  }

  @Test
  void numbersOfAarch64() throws Exception {
    assertNumbers(Path.of("/usr/include/asm-generic/unistd.h"), SyscallNumbers.AARCH64);
  }

  @Test
  void everyArchitectureButTwoIsRefused() {
    assertEquals(SyscallNumbers.X86_64, SyscallNumbers.forArchitecture("amd64"));
    assertEquals(SyscallNumbers.AARCH64, SyscallNumbers.forArchitecture("aarch64"));
    UnsupportedOperationException e =
        assertThrows(
            UnsupportedOperationException.class, () -> SyscallNumbers.forArchitecture("ppc64le"));
    assertEquals("architecture is ppc64le, expected amd64 or aarch64", e.getMessage());
  }

  private static final String LAYOUT_PROGRAM =
      """
        #define _GNU_SOURCE
        #include <fcntl.h>
        #include <linux/stat.h>
        #include <stddef.h>
        #include <stdio.h>
        #include <sys/vfs.h>
        int main(void) {
          printf("%zu\\n", sizeof(struct statx));
          printf("%zu\\n", offsetof(struct statx, stx_mask));
          printf("%zu\\n", offsetof(struct statx, stx_mode));
          printf("%zu\\n", offsetof(struct statx, stx_ino));
          printf("%zu\\n", offsetof(struct statx, stx_size));
          printf("%zu\\n", offsetof(struct statx, stx_ctime.tv_sec));
          printf("%zu\\n", offsetof(struct statx, stx_mtime.tv_sec));
          printf("%zu\\n", offsetof(struct statx_timestamp, tv_nsec));
          printf("%zu\\n", offsetof(struct statx, stx_dev_major));
          printf("%zu\\n", offsetof(struct statx, stx_dev_minor));
          printf("%zu\\n", offsetof(struct statx, stx_dio_mem_align));
          printf("%zu\\n", offsetof(struct statx, stx_dio_offset_align));
          printf("%x %x\\n", STATX_BASIC_STATS, STATX_DIOALIGN);
          printf("%zu %zu\\n", sizeof(struct statfs), offsetof(struct statfs, f_type));
          printf("%x %x %x %x %x %x %x %x\\n", O_CREAT, O_EXCL, O_TRUNC, O_APPEND, O_DSYNC,
              O_SYNC, O_CLOEXEC, O_DIRECT);
          printf("%d %d %d\\n", SYNC_FILE_RANGE_WAIT_BEFORE, SYNC_FILE_RANGE_WRITE,
              SYNC_FILE_RANGE_WAIT_AFTER);
          return 0;
        }
        """;

  @Test
  void offsetsAndFlagsAreThoseOfTheHeaders() throws Exception {
    List<String> lines = CProgram.output(scratch, "linux", LAYOUT_PROGRAM);
    assertEquals(
        List.of(
            "" + FileStatus.BYTES,
            "" + FileStatus.MASK,
            "" + FileStatus.MODE,
            "" + FileStatus.INODE,
            "" + FileStatus.SIZE,
            "" + FileStatus.CHANGED,
            "" + FileStatus.MODIFIED,
            "" + FileStatus.NANOS,
            "" + FileStatus.DEVICE_MAJOR,
            "" + FileStatus.DEVICE_MINOR,
            "" + FileStatus.DIO_MEMORY_ALIGN,
            "" + FileStatus.DIO_OFFSET_ALIGN,
            "7ff 2000",
            "120 0",
            String.format(
                "%x %x %x %x %x %x %x %x",
                Linux.O_CREAT,
                Linux.O_EXCL,
                Linux.O_TRUNC,
                Linux.O_APPEND,
                Linux.O_DSYNC,
                Linux.O_SYNC,
                Linux.O_CLOEXEC,
                Linux.O_DIRECT),
            "1 2 4"),
        lines);
  }

  @Test
  void flagsOfWritesAreThoseOfTheHeader() throws Exception {
    List<String> lines =
        CProgram.output(
            scratch,
            "rwf",
            """
            #include <linux/fs.h>
            #include <stdio.h>
            int main(void) { printf("%x %x\\n", RWF_DSYNC, RWF_NOWAIT); return 0; }
            """);
    assertEquals(
        List.of(Integer.toHexString(Linux.RWF_DSYNC) + " " + Integer.toHexString(Linux.RWF_NOWAIT)),
        lines);
  }

  @Test
  void statusOfAFile() throws Exception {
    Path file = scratch.written("f", 12_345);
    int fd = (int) Linux.open(file.toString(), Linux.O_RDWR | Linux.O_CLOEXEC, 0);
    try {
      FileStatus status = FileStatus.of(fd);
      assertTrue(status.isRegularFile());
      assertEquals("a regular file", status.type());
      assertEquals(12_345, status.sizeBytes());
      assertEquals(Files.getAttribute(file, "unix:mode"), status.mode());
      assertEquals(Files.getAttribute(file, "unix:ino"), status.inode());
      // The C library's dev_t, taken apart as makedev(3) puts it together.
      long dev = (Long) Files.getAttribute(file, "unix:dev");
      long major = ((dev >>> 32) & 0xfffff000L) | ((dev >>> 8) & 0xfff);
      long minor = ((dev >>> 12) & 0xffffff00L) | (dev & 0xff);
      assertEquals(major << 32 | minor, status.device());
      if (status.dioKnown()) {
        assertTrue(Integer.bitCount(status.dioOffsetAlignBytes()) <= 1, status.toString());
      }
    } finally {
      Linux.close(fd);
    }
    assertEquals(9, assertThrows(ErrnoException.class, () -> FileStatus.of(1 << 20)).errno());
    assertEquals("a directory", typeOf(scratch.directory().toString()));
    assertEquals("a character device", typeOf("/dev/null"));
  }

  private static String typeOf(String path) throws ErrnoException {
    int fd = (int) Linux.open(path, Linux.O_RDONLY | Linux.O_CLOEXEC, 0);
    try {
      return FileStatus.of(fd).type();
    } finally {
      Linux.close(fd);
    }
  }

  @Test
  void fileSystems() throws Exception {
    assertEquals(FileSystemType.PROC, fileSystemOf("/proc/self/status"));
    CProgram.skipUnless(Files.exists(Path.of("/sys/kernel")), "no /sys here");
    assertEquals(FileSystemType.SYSFS, fileSystemOf("/sys/kernel"));
    CProgram.skipUnless(Files.isDirectory(Path.of("/dev/shm")), "no /dev/shm here");
    assertEquals(FileSystemType.TMPFS, fileSystemOf("/dev/shm"));
  }

  private static FileSystemType fileSystemOf(String path) throws ErrnoException {
    int fd = (int) Linux.open(path, Linux.O_RDONLY | Linux.O_CLOEXEC, 0);
    try {
      return FileSystemType.of(fd);
    } finally {
      Linux.close(fd);
    }
  }

  /** Known pages in a known state: checks the places of the query's offset, length and results. */
  @Test
  void cacheStatusCountsPages() throws Exception {
    int pages = 64;
    long page = Linux.PAGE_BYTES;
    Path file = scratch.written("f", (int) (pages * page));
    int fd = (int) Linux.open(file.toString(), Linux.O_RDWR | Linux.O_CLOEXEC, 0);
    try (CacheStatus cache = new CacheStatus();
        FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      Linux.dropPages(fd, 0, 0);
      long cached = cache.query(fd, 0, pages * page);
      CProgram.skipUnless(CacheStatus.isSupported(), "no cachestat here (Linux 6.5)");
      CProgram.skipUnless(cached >= 0, "cachestat does not answer for this file system");
      assertEquals(0, cached);
      for (int i = 0; i < 3; i++) {
        channel.write(ByteBuffer.allocate((int) page), (10 + i) * page);
      }
      assertEquals(3, cache.query(fd, 0, pages * page));
      assertEquals(3, cache.notWrittenBack());
      assertEquals(2, cache.query(fd, 11 * page, pages * page), "from an offset");
      assertEquals(1, cache.query(fd, 0, 11 * page), "up to a length");
      channel.force(false);
      assertEquals(3, cache.query(fd, 0, pages * page));
      assertEquals(0, cache.notWrittenBack());
      assertEquals(-1, cache.query(1 << 20, 0, page), "a bad descriptor is not an answer");
      assertTrue(CacheStatus.isSupported());
    } finally {
      Linux.close(fd);
    }
  }

  @Test
  void gatheredWrites() throws Exception {
    Path file = Files.createFile(scratch.file("f"));
    int fd = (int) Linux.open(file.toString(), Linux.O_RDWR | Linux.O_CLOEXEC, 0);
    try (CMemory memory = new CMemory(64)) {
      ByteBuffer bytes = memory.bytes();
      bytes.put(32, new byte[] {'a', 'b', 'c', 'd', 'e'});
      bytes.putLong(0, memory.address() + 34).putLong(8, 3);
      bytes.putLong(16, memory.address() + 32).putLong(24, 2);
      assertEquals(5, Linux.pwritev2(fd, memory.address(), 2, 3, 0));
      assertEquals(0, Linux.position(fd));
      assertEquals(3, Linux.pwritev2(fd, memory.address(), 1, -1, 0), "at the descriptor's own");
      assertEquals(3, Linux.position(fd));
      assertEquals(2, Linux.seek(fd, 2));
      assertEquals(0, Linux.fsync(fd));
      assertEquals(0, Linux.fdatasync(fd));
      assertEquals("cdecdeab", Files.readString(file));
      assertEquals(0, Linux.ftruncate(fd, 4));
      assertEquals(4, Files.size(file));
      assertEquals(0, Linux.syncFileRange(fd, 0, 4, 7));
      int second = (int) Linux.duplicate(fd);
      assertTrue(second >= 3 && second != fd);
      assertEquals(2, Linux.position(second), "it shares the offset");
      assertEquals(0, Linux.close(second));
      assertEquals(-9, Linux.close(second), "EBADF");
    } finally {
      Linux.close(fd);
    }
    assertEquals(-2, Linux.open(scratch.file("none").toString(), Linux.O_RDONLY, 0), "ENOENT");
  }

  @Test
  void memoryIsMappedAndUnmapped() {
    long address = Linux.mapMemory(8192);
    assertEquals(0, address % Linux.PAGE_BYTES);
    ByteBuffer view = Linux.view(address, 8192);
    assertEquals(0, view.getLong(8184));
    view.putLong(8184, -1);
    assertEquals(-1, view.getLong(8184));
    assertEquals(0, Linux.unmapMemory(address, 8192));
    assertEquals(-22, Linux.mapMemory(0), "EINVAL");
  }

  @Test
  void fileNamesThatAreNotAscii() throws Exception {
    Path file = scratch.file("größe-数");
    int fd = (int) Linux.open(file.toString(), Linux.O_RDWR | Linux.O_CREAT, 0600);
    CProgram.skipUnless(fd >= 0, "the file system takes no such name: " + fd);
    Linux.close(fd);
    assertTrue(Files.exists(file));
  }
}
