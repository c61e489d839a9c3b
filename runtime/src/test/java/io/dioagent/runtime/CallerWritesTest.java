package io.dioagent.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.runtime.RecordingEventSink.Fallback;
import io.dioagent.runtime.api.DirectIoException;
import io.dioagent.runtime.api.FilePolicy;
import io.dioagent.runtime.api.WriteMode;
import io.dioagent.runtime.linux.CacheStatus;
import io.dioagent.runtime.linux.Linux;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Bytes that the caller itself writes through the page cache, beside the runtime's own. */
class CallerWritesTest {
  private static final int BYTES = (1 << 20) + 5000;

  private final TestRuntime test = new TestRuntime();

  @AfterEach
  void close() {
    test.close();
  }

  private static long cachedPages(int fd) {
    try (CacheStatus status = new CacheStatus()) {
      return status.query(fd, 0, BYTES);
    }
  }

  /** As a stream would, by plain writes. */
  private static void writeThroughCache(Path path, byte[] bytes) throws IOException {
    Files.write(path, bytes);
  }

  @Test
  void theyDoNotStayInTheCache() throws Exception {
    byte[] bytes = TestRuntime.bytes(BYTES, 1);
    Path path = Files.createFile(test.path("f"));
    int fd = test.descriptor(path, Linux.O_RDWR);
    DirectFile file = test.adopt(fd, FilePolicy.DEFAULT);
    for (int i = 0; i < BYTES; i++) {
      if (i == 1 << 20) {
        writeThroughCache(path, bytes);
        assertEquals(BYTES, Linux.seek(fd, BYTES));
      }
      file.callerWrites(1, () -> 1);
    }
    assertTrue(cachedPages(fd) != 0, "cachestat: " + cachedPages(fd));
    file.close();
    test.await("all reported", now -> now.bufferedBytes() == BYTES, Duration.ofSeconds(60));
    assertArrayEquals(bytes, Files.readAllBytes(path));
    List<Fallback> reported = test.events.await(Fallback.class, 2, Duration.ofSeconds(60));
    for (Fallback fallback : reported) {
      assertEquals("single bytes of a stream", fallback.reason());
    }
  }

  @Test
  void theyAreRefusedWhereFallbackIsForbidden() throws Exception {
    DirectFile file = test.open("f", FilePolicy.DEFAULT.withFallbackAllowed(false));
    IOException refused =
        assertThrows(DirectIoException.class, () -> file.callerWrites(1, () -> 1));
    assertTrue(
        refused
            .getMessage()
            .startsWith(
                "1 bytes at 0 of "
                    + test.path("f")
                    + " cannot go direct, and fallback is forbidden: single bytes of a stream"),
        refused.getMessage());
  }

  /** Earlier writes are in the file before the caller's own. */
  @Test
  void theyFollowWritesInTransit() throws Exception {
    DirectFile file = test.open("f", FilePolicy.DEFAULT.withWrite(WriteMode.PIPELINED));
    byte[] bytes = TestRuntime.bytes(100, 1);
    TestRuntime.write(file, bytes, 0);
    file.callerWrites(1, () -> 1);
    assertArrayEquals(bytes, test.content("f"));
  }
}
