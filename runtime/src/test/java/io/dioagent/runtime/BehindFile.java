package io.dioagent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.runtime.api.CallerWrite;
import io.dioagent.runtime.api.Errno;
import io.dioagent.runtime.api.FilePolicy;
import io.dioagent.runtime.api.WriteMode;
import io.dioagent.runtime.linux.CMemory;
import io.dioagent.runtime.linux.CacheStatus;
import io.dioagent.runtime.linux.Linux;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** A descriptor of a file whose writes their caller makes itself, as the agent's callers do. */
final class BehindFile {
  static final FilePolicy POLICY = FilePolicy.DEFAULT.withWrite(WriteMode.BEHIND);
  static final long OWN_OFFSET = -1;

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  final int fd;
  final DirectFile file;

  private BehindFile(int fd, DirectFile file) {
    this.fd = fd;
    this.file = file;
  }

  /** Opens a file, which is made if there is none. The test closes the descriptor at its end. */
  static BehindFile open(TestRuntime test, String name, int flags, FilePolicy policy)
      throws IOException {
    int fd = test.descriptor(test.path(name), flags | Linux.O_CREAT);
    DirectFile file = test.adopt(fd, policy);
    assertTrue(file.isWrittenBehind());
    return new BehindFile(fd, file);
  }

  static BehindFile open(TestRuntime test, String name) throws IOException {
    return open(test, name, Linux.O_RDWR, POLICY);
  }

  void write(byte[] bytes) throws IOException {
    write(bytes, OWN_OFFSET);
  }

  void write(byte[] bytes, long position) throws IOException {
    assertEquals(
        bytes.length, write(position, bytes.length, () -> systemWrite(fd, bytes, position)));
  }

  long write(long position, long lengthBytes, CallerWrite call) throws IOException {
    long result = file.tryWriteBehind(position, lengthBytes, call);
    return result == DirectFile.NOT_READY ? file.writeBehind(position, lengthBytes, call) : result;
  }

  /** Calls write(2) or pwrite(2). */
  static long systemWrite(int fd, byte[] bytes, long position) throws IOException {
    try (CMemory memory = new CMemory(bytes.length);
        CMemory iovec = new CMemory(2 * Long.BYTES)) {
      memory.bytes().put(bytes);
      iovec.bytes().putLong(0, memory.address()).putLong(Long.BYTES, bytes.length);
      long result =
          position == OWN_OFFSET
              ? Linux.writev(fd, iovec.address(), 1)
              : Linux.pwritev(fd, iovec.address(), 1, position);
      if (result < 0) {
        throw new IOException(Errno.message((int) -result));
      }
      return result;
    }
  }

  /** Returns how many pages of a range are cached. */
  static long cachedPages(Path path, long offset, long lengthBytes) {
    int fd = (int) Linux.open(path.toString(), Linux.O_RDONLY | Linux.O_CLOEXEC, 0);
    try (CacheStatus status = new CacheStatus()) {
      long pages = status.query(fd, offset, lengthBytes);
      assertTrue(pages >= 0, "the kernel has no cachestat");
      return pages;
    } finally {
      Linux.close(fd);
    }
  }

  /** Waits until no page of a file is cached, and nothing is to be written back. */
  static void awaitUncached(TestRuntime test, String name) throws InterruptedException {
    await(
        () -> test.runtime.trails().dirtyBytes() == 0,
        () -> test.runtime.trails().dirtyBytes() + " bytes are still to be written back");
    await(
        () -> cachedPages(test.path(name), 0, 1L << 40) == 0,
        () -> cachedPages(test.path(name), 0, 1L << 40) + " pages are cached");
  }

  /** A state that is waited for. */
  interface State {
    boolean holds() throws InterruptedException;
  }

  static void await(State state, java.util.function.Supplier<String> wrong)
      throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!state.holds()) {
      assertTrue(System.nanoTime() - end < 0, wrong);
      Thread.sleep(2);
    }
  }

  /**
   * Returns how many descriptors of tests' files are open. The JVM opens and closes others in its
   * own time.
   */
  static int openDescriptors() {
    String[] all = new File("/proc/self/fd").list();
    int count = 0;
    for (String fd : all == null ? new String[0] : all) {
      count += isOfTest(fd) ? 1 : 0;
    }
    return count;
  }

  private static boolean isOfTest(String fd) {
    try {
      Path file = Files.readSymbolicLink(Path.of("/proc/self/fd", fd));
      return file.toString().contains("/target/scratch/");
    } catch (IOException e) {
      return false; // It has been closed.
    }
  }

  /** Waits until so many descriptors of tests' files are open. */
  static void awaitDescriptors(int count) throws InterruptedException {
    await(() -> openDescriptors() == count, () -> openDescriptors() + " descriptors, not " + count);
  }
}
