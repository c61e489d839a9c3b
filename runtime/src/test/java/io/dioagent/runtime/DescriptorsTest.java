package io.dioagent.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.runtime.api.DirectIoException;
import io.dioagent.runtime.api.FilePolicy;
import io.dioagent.runtime.api.WriteSource;
import io.dioagent.runtime.linux.Linux;
import io.dioagent.runtime.testing.CProgram;
import io.dioagent.runtime.testing.Forked;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Which descriptors the runtime adopts, which it opens beside them, and when it closes those. */
@Tag("engine")
class DescriptorsTest {
  private final TestRuntime test = new TestRuntime();

  @AfterEach
  void close() {
    test.close();
  }

  private String refusal(Path path, int flags) {
    int fd = test.descriptor(path, flags);
    return assertThrows(IOException.class, () -> test.adopt(fd, FilePolicy.DEFAULT)).getMessage();
  }

  @Test
  void refusesUnwritableDescriptors() throws Exception {
    Path file = Files.createFile(test.path("f"));
    assertEquals(
        file + " is open for reading only, expected for writing", refusal(file, Linux.O_RDONLY));
    assertEquals(
        test.scratch.directory() + " is a directory, expected a regular file on a disk",
        refusal(test.scratch.directory(), Linux.O_RDONLY));
    assertEquals(
        "/dev/null is a character device, expected a regular file on a disk",
        refusal(Path.of("/dev/null"), Linux.O_WRONLY));
    String proc = refusal(Path.of("/proc/self/comm"), Linux.O_WRONLY);
    assertTrue(
        proc.startsWith("/proc/")
            && proc.endsWith("/comm is on PROC, expected a regular file on a disk"),
        proc);
    IOException closed =
        assertThrows(IOException.class, () -> test.adopt(1 << 20, FilePolicy.DEFAULT));
    assertTrue(closed.getMessage().contains("Bad file descriptor"), closed.getMessage());
    assertEquals(0, test.statistics().openFiles());
  }

  /** Parts that cannot go direct use a descriptor of the same file that is not direct. */
  @Test
  void adoptsDescriptorsOpenForDirectIo() throws Exception {
    Path path = Files.createFile(test.path("direct"));
    int fd = test.descriptor(path, Linux.O_WRONLY | Linux.O_DIRECT);
    DirectFile file = test.adopt(fd, FilePolicy.DEFAULT);
    byte[] bytes = TestRuntime.bytes(10_000, 1);
    TestRuntime.write(file, bytes, 0);
    assertArrayEquals(bytes, Files.readAllBytes(path));
    file.close();
    int append = test.descriptor(path, Linux.O_WRONLY | Linux.O_DIRECT | Linux.O_APPEND);
    DirectFile appended = test.adopt(append, FilePolicy.DEFAULT);
    assertEquals(5, appended.write(WriteSource.of(ByteBuffer.wrap(bytes, 0, 5))));
    assertEquals(10_005, Files.size(path));
    appended.close();
  }

  @Test
  void refusesAPipe() throws Exception {
    CProgram.skipWithout("mkfifo", "--version");
    Path pipe = test.path("pipe");
    assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
    assertEquals(
        pipe + " is a pipe, expected a regular file on a disk", refusal(pipe, Linux.O_RDWR));
  }

  @Test
  void opensByTheOptions() throws Exception {
    Path file = test.path("f");
    assertThrows(
        IOException.class, () -> test.runtime.open(file, FilePolicy.DEFAULT), "there is none");
    try (DirectFile made =
        test.runtime.open(file, FilePolicy.DEFAULT, StandardOpenOption.CREATE_NEW)) {
      assertEquals(5000, TestRuntime.write(made, new byte[5000], 0));
      assertEquals(file.toString(), made.path());
      assertEquals(1, test.statistics().openFiles());
    }
    assertThrows(
        IOException.class,
        () -> test.runtime.open(file, FilePolicy.DEFAULT, StandardOpenOption.CREATE_NEW));
    test.runtime.open(file, FilePolicy.DEFAULT, StandardOpenOption.WRITE).close();
    assertEquals(5000, Files.size(file));
    test.runtime.open(file, FilePolicy.DEFAULT, StandardOpenOption.TRUNCATE_EXISTING).close();
    assertEquals(0, Files.size(file));
    assertThrows(
        UnsupportedOperationException.class,
        () -> test.runtime.open(file, FilePolicy.DEFAULT, StandardOpenOption.DELETE_ON_CLOSE));
    assertThrows(
        IOException.class, () -> test.runtime.open(test.scratch.directory(), FilePolicy.DEFAULT));
    assertEquals(0, test.statistics().openFiles());
  }

  /** All I/O uses the descriptor, so the name may be gone, or belong to another file. */
  @Test
  void aDeletedOrReplacedFileStillWrites() throws Exception {
    Path path = test.scratch.written("f", 65536);
    try (FileChannel before = FileChannel.open(path)) {
      int fd = test.descriptor(path, Linux.O_RDWR);
      DirectFile file = test.adopt(fd, FilePolicy.DEFAULT);
      Files.delete(path);
      Files.writeString(path, "another");
      byte[] bytes = TestRuntime.bytes(20_000, 1);
      assertEquals(20_000, TestRuntime.write(file, bytes, 4096));
      file.force(true);
      ByteBuffer read = ByteBuffer.allocate(20_000);
      assertEquals(20_000, before.read(read, 4096));
      assertArrayEquals(bytes, read.array());
      assertEquals("another", Files.readString(path));
    }
  }

  @Test
  void aSymbolicLinkIsTheFileItMeans() throws Exception {
    Path target = Files.createFile(test.path("target"));
    Path link = Files.createSymbolicLink(test.path("link"), target);
    try (DirectFile file = test.runtime.open(link, FilePolicy.DEFAULT)) {
      assertEquals(target.toString(), file.path());
    }
  }

  /** Counts only one file's: the runtime's threads open others, such as of /proc, at any time. */
  private static long openDescriptors(Path path) throws IOException {
    long count = 0;
    try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
      for (Path descriptor : all.toList()) {
        count += isOf(descriptor, path) ? 1 : 0;
      }
    }
    return count;
  }

  private static boolean isOf(Path descriptor, Path path) throws IOException {
    try {
      return Files.readSymbolicLink(descriptor).equals(path);
    } catch (NoSuchFileException e) {
      return false; // It has just been closed.
    }
  }

  @Test
  void noDescriptorLeaks() throws Exception {
    Path path = test.scratch.written("f", 65536);
    byte[] aligned = TestRuntime.bytes(4096, 1);
    byte[] unaligned = TestRuntime.bytes(5000, 2);
    long before = 0;
    for (int i = 0; i < 1010; i++) {
      if (i == 10) {
        before = openDescriptors(path);
      }
      int fd = (int) Linux.open(path.toString(), Linux.O_RDWR | Linux.O_CLOEXEC, 0);
      try (DirectFile file =
          i % 2 == 0
              ? test.runtime.adopt(fd, FilePolicy.DEFAULT)
              : test.runtime.open(path, FilePolicy.DEFAULT)) {
        TestRuntime.write(file, i % 10 == 0 ? unaligned : aligned, 4096);
      }
      assertEquals(0, Linux.close(fd), "an adopted descriptor stays open");
    }
    assertEquals(before, openDescriptors(path));
    assertEquals(0, test.statistics().openFiles());
  }

  /** Closed with a request in flight: the descriptors stay until that has ended. */
  @Test
  void descriptorsOutliveTheirLastRequest() throws Exception {
    try (TestRuntime slow = TestRuntime.withFaults("late:for=4s:offset=0-4k")) {
      DirectFile file =
          slow.openWritten(
              "f", 65536, FilePolicy.DEFAULT.withDeadline(java.time.Duration.ofSeconds(1)));
      TestRuntime.write(file, new byte[8192], 8192);
      Path path = Path.of(file.path());
      long before = openDescriptors(path);
      assertThrows(DirectIoException.class, () -> TestRuntime.write(file, new byte[4096], 0));
      file.close();
      assertEquals(before, openDescriptors(path));
      slow.awaitSettled();
      long end = System.nanoTime() + 5_000_000_000L;
      while (openDescriptors(path) > before - 2 && System.nanoTime() < end) {
        Thread.sleep(5);
      }
      assertEquals(before - 2, openDescriptors(path), "the given one and the direct one");
    }
  }

  /**
   * Closing any descriptor of a file drops all of the process's POSIX locks on it (fcntl(2)). So
   * the runtime may close none of its own while the application has the file open.
   */
  @Test
  void aPosixLockHolds() throws Exception {
    Path path = test.scratch.written("f", 65536);
    try (FileChannel channel =
            FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
        FileLock lock = channel.lock();
        Forked other = Forked.jvm(List.of(), TryLock.class, path.toString())) {
      assertNotNull(lock);
      assertEquals("locked by another", tryLock(other), "as it is without a DirectFile");
      int fd = test.descriptor(path, Linux.O_RDWR);
      DirectFile file = test.adopt(fd, FilePolicy.DEFAULT);
      assertEquals("locked by another", tryLock(other));
      TestRuntime.write(file, new byte[4096], 0);
      assertEquals("locked by another", tryLock(other), "after a direct write");
      TestRuntime.write(file, new byte[100], 100);
      TestRuntime.write(file, new byte[100_000], 100);
      file.force(true);
      assertEquals("locked by another", tryLock(other), "after buffered and extending ones");
      lock.release();
      assertEquals("got it", tryLock(other), "so the other process can say so");
    }
    assertEquals(100_100, Files.size(path));
  }

  private static String tryLock(Forked other) throws IOException {
    other.say("try");
    return other.awaitLine("answer: ").substring("answer: ".length());
  }

  /** Another process, which tries to lock a file at each line that it reads. */
  static final class TryLock {
    private TryLock() {}

    public static void main(String[] arguments) throws IOException {
      try (FileChannel channel =
          FileChannel.open(Path.of(arguments[0]), StandardOpenOption.WRITE)) {
        while (System.in.read() >= 0) {
          while (System.in.available() > 0) {
            System.in.skipNBytes(1);
          }
          try (FileLock lock = channel.tryLock()) {
            System.out.println("answer: " + (lock == null ? "locked by another" : "got it"));
          }
        }
      }
    }
  }

  /** The runtime's direct descriptor has the flags of the application's. */
  @Test
  void synchronousFilesStaySynchronous() throws Exception {
    Path path = test.scratch.written("f", 65536);
    int fd = test.descriptor(path, Linux.O_RDWR | Linux.O_DSYNC);
    DirectFile file = test.adopt(fd, FilePolicy.DEFAULT);
    TestRuntime.write(file, new byte[4096], 0);
    try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
      String[] open =
          all.filter(link -> path.toString().equals(DirectRuntime.pathOf(number(link))))
              .map(link -> flagsOf(number(link)))
              .toArray(String[]::new);
      assertEquals(
          file.isDirect() ? 3 : 2, open.length, "given, anchor, direct: " + Arrays.toString(open));
      for (String flags : open) {
        assertTrue((Long.parseLong(flags, 8) & Linux.O_DSYNC) != 0, Arrays.toString(open));
      }
    }
  }

  private static int number(Path link) {
    return Integer.parseInt(link.getFileName().toString());
  }

  private static String flagsOf(int fd) {
    try {
      return Files.readAllLines(Path.of("/proc/self/fdinfo/" + fd)).stream()
          .filter(line -> line.startsWith("flags:"))
          .map(line -> line.substring("flags:".length()).trim())
          .findFirst()
          .orElseThrow();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
