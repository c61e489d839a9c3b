package io.dioagent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.runtime.api.FilePolicy;
import io.dioagent.runtime.file.PosixLocks;
import io.dioagent.runtime.linux.FileStatus;
import io.dioagent.runtime.linux.Linux;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Descriptors that outlive their file's close are closed when that drops no lock of the
 * application.
 */
@Tag("host")
class LateCloseTest {
  /** The places that may close a descriptor, and why that takes no lock from the application. */
  private static final Map<String, String> CLOSING =
      Map.of(
          "DirectRuntime.java", "what it has just opened for its caller and cannot take on",
          "UringContext.java", "a ring, which is no file",
          "KernelUring.java", "a ring, which is no file",
          "KernelThread.java", "a file of /proc",
          "Descriptors.java", "with the application's own, or as LateCloses says");

  private final TestRuntime test = new TestRuntime();
  private Path path;
  private DirectFile file;

  @BeforeEach
  void leaveOneInUse() throws Exception {
    path = Files.createFile(test.path("locked"));
    file = test.adopt(test.descriptor(path, Linux.O_WRONLY), FilePolicy.DEFAULT);
    TestRuntime.write(file, TestRuntime.bytes(4096, 1), 0);
    assertTrue(file.context().descriptors().enter());
    file.close();
  }

  @AfterEach
  void close() {
    test.close();
  }

  private FileChannel channel() throws Exception {
    return FileChannel.open(path, StandardOpenOption.WRITE);
  }

  private boolean isHeld() throws Exception {
    return PosixLocks.held((Long) Files.getAttribute(path, "unix:ino"));
  }

  private boolean areOpen() {
    return !file.context().descriptors().areUnopened();
  }

  private void awaitClosed() throws InterruptedException {
    long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (areOpen() && System.nanoTime() - giveUp < 0) {
      TimeUnit.MILLISECONDS.sleep(10);
    }
    assertFalse(areOpen());
    assertEquals(0, test.runtime.keptDescriptors());
  }

  @Test
  void closedAtOnceWhereNothingIsLocked() {
    assertTrue(areOpen());
    file.context().descriptors().leave();
    assertFalse(areOpen());
    assertEquals(0, test.runtime.keptDescriptors());
  }

  @Test
  void keptUntilTheLockIsGone() throws Exception {
    try (FileChannel other = channel();
        FileLock lock = other.lock(0, 10, false)) {
      assertTrue(lock.isValid());
      file.context().descriptors().leave();
      assertTrue(areOpen());
      assertEquals(1, test.runtime.keptDescriptors());
      TimeUnit.MILLISECONDS.sleep(1200); // The watchdog has checked.
      assertTrue(isHeld());
      lock.release();
      awaitClosed();
    }
  }

  @Test
  void closedWithAnyDescriptorOfTheFile() throws Exception {
    int other = test.descriptor(path, Linux.O_RDONLY);
    int another = test.descriptor(Files.createFile(test.path("another")), Linux.O_RDONLY);
    try (FileChannel locking = channel();
        FileLock lock = locking.lock(0, 10, false)) {
      assertTrue(lock.isValid());
      file.context().descriptors().leave();
      test.runtime.applicationCloses(another);
      assertTrue(areOpen());
      test.runtime.applicationCloses(other);
      assertFalse(areOpen());
      assertEquals(0, test.runtime.keptDescriptors());
    }
  }

  @Test
  void keptWhileALockIsAskedFor() throws Exception {
    try (FileChannel other = channel()) {
      LockCall call = test.runtime.lockCall(test.descriptor(path, Linux.O_WRONLY));
      file.context().descriptors().leave();
      assertTrue(areOpen());
      try (FileLock lock = other.lock(0, 10, false)) {
        call.close();
        TimeUnit.MILLISECONDS.sleep(1200);
        assertTrue(lock.isValid() && isHeld());
      }
      awaitClosed();
    }
  }

  /** The file's node is removed when the runtime has nothing open any more, and not before. */
  @Test
  void theNodeIsThereForAsLong() throws Exception {
    FileStatus status = FileStatus.ifThere(path.toString());
    assertEquals(file.context().node(), test.runtime.files().nodes().find(status));
    file.context().descriptors().leave();
    assertEquals(null, test.runtime.files().nodes().find(status));
  }

  /** Each further place that closes has to be considered first. */
  @Test
  void noOtherPlaceCloses() throws Exception {
    Map<String, Integer> found = new TreeMap<>();
    try (Stream<Path> sources = Files.walk(Path.of("src/main/java"))) {
      for (Path source : sources.filter(Files::isRegularFile).toList()) {
        List<String> lines = Files.readAllLines(source);
        int calls = (int) lines.stream().filter(line -> line.contains("Linux.close(")).count();
        if (calls > 0) {
          found.put(source.getFileName().toString(), calls);
        }
      }
    }
    CLOSING.keySet().forEach(name -> assertEquals(1, found.remove(name), name));
    assertEquals(Map.of(), found, "may take the application's locks, see " + CLOSING);
  }
}
