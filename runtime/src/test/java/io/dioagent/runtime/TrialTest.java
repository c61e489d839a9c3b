package io.dioagent.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.runtime.RecordingEventSink.Fallback;
import io.dioagent.runtime.RecordingEventSink.Tagged;
import io.dioagent.runtime.api.Errno;
import io.dioagent.runtime.api.FilePolicy;
import io.dioagent.runtime.api.RuntimeOptions;
import io.dioagent.runtime.engine.AioContext;
import io.dioagent.runtime.engine.AioEngine;
import io.dioagent.runtime.engine.Completions;
import io.dioagent.runtime.engine.Submissions;
import io.dioagent.runtime.linux.FileSystemType;
import io.dioagent.runtime.linux.Linux;
import io.dioagent.runtime.testing.CProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whether a file can go direct: by statx, and by its first writes. */
@Tag("engine")
class TrialTest {

  private static void skipUnlessDirect(DirectFile file) {
    CProgram.skipUnless(file.isDirect(), "no direct I/O here: " + file.reason());
  }

  /** Replaces results of completions: the first, the second, and so on. */
  private static AioEngine answering(AioEngine engine, IntUnaryOperator byNumber) {
    AtomicInteger number = new AtomicInteger();
    return depth ->
        new WrappedContext(engine.open(depth)) {
          @Override
          public int reap(Completions batch, int min, long timeoutNanos) {
            int came = super.reap(batch, min, timeoutNanos);
            for (int i = 0; i < came; i++) {
              int answer = byNumber.applyAsInt(number.incrementAndGet());
              batch.set(i, batch.data(i), answer == 0 ? batch.result(i) : answer);
            }
            return came;
          }
        };
  }

  /** btrfs, FUSE and others accept O_DIRECT and refuse the write: then the file is not direct. */
  @Test
  void aFirstWriteThatIsRefusedMakesTheFileBuffered() throws Exception {
    try (TestRuntime test =
        new TestRuntime(
            RuntimeOptions.DEFAULT, engine -> answering(engine, n -> n == 1 ? -Errno.EINVAL : 0))) {
      DirectFile file = test.openWritten("f", 65536, FilePolicy.DEFAULT);
      skipUnlessDirect(file);
      byte[] bytes = TestRuntime.bytes(65536, 1);
      assertEquals(65536, TestRuntime.write(file, bytes, 0));
      assertFalse(file.isDirect());
      assertEquals("a direct write aligned to 4096 bytes was refused (EINVAL)", file.reason());
      assertEquals("the kernel refused it (EINVAL)", test.events.only(Fallback.class).reason());
      List<Tagged> reported = test.events.all(Tagged.class);
      assertEquals(2, reported.size());
      assertTrue(reported.get(0).direct() && !reported.get(1).direct(), reported.toString());
      assertArrayEquals(bytes, test.content("f"));
      TestRuntime.write(file, bytes, 0);
      assertEquals(0, test.statistics().directBytes());
    }
  }

  /** A file that was written directly before stays direct. */
  @Test
  void aLaterRefusalIsOfThatWriteOnly() throws Exception {
    try (TestRuntime test =
        new TestRuntime(
            RuntimeOptions.DEFAULT, engine -> answering(engine, n -> n == 2 ? -Errno.EINVAL : 0))) {
      DirectFile file = test.openWritten("f", 65536, FilePolicy.DEFAULT);
      skipUnlessDirect(file);
      for (int i = 0; i < 3; i++) {
        byte[] bytes = TestRuntime.bytes(4096, i);
        assertEquals(4096, TestRuntime.write(file, bytes, 0));
        assertArrayEquals(bytes, java.util.Arrays.copyOf(test.content("f"), 4096));
        // Removes it from the cache, as a direct write that must not wait cannot do that itself.
        int fd = test.descriptor(test.path("f"), Linux.O_RDONLY);
        Linux.dropPages(fd, 0, 0);
      }
      assertTrue(file.isDirect());
      assertEquals(4096, test.statistics().bufferedBytes());
      assertEquals(8192, test.statistics().directBytes());
    }
  }

  /** A device without RWF_NOWAIT, such as loop: not tried again, and still direct. */
  @Test
  void aDeviceThatCannotRefuseToWait() throws Exception {
    AtomicInteger nowait = new AtomicInteger();
    AioEngine[] around = new AioEngine[1];
    try (TestRuntime test =
        new TestRuntime(
            RuntimeOptions.DEFAULT,
            engine -> {
              around[0] =
                  depth -> {
                    AioContext context = engine.open(depth);
                    return new WrappedContext(context) {
                      @Override
                      public int submit(Submissions batch, int first, int count) {
                        if ((batch.rwFlags(batch.slot(first)) & Linux.RWF_NOWAIT) != 0) {
                          nowait.incrementAndGet();
                          return -Errno.EOPNOTSUPP;
                        }
                        return super.submit(batch, first, count);
                      }
                    };
                  };
              return around[0];
            })) {
      DirectFile file =
          test.openWritten("f", 1 << 20, FilePolicy.DEFAULT.withFallbackAllowed(false));
      skipUnlessDirect(file);
      for (int i = 0; i < 5; i++) {
        byte[] bytes = TestRuntime.bytes(1 << 20, i);
        assertEquals(1 << 20, TestRuntime.write(file, bytes, 0));
        assertArrayEquals(bytes, test.content("f"));
      }
      assertEquals(4, nowait.get(), "the pieces of the first write");
      assertEquals(5 << 20, test.statistics().directBytes());
    }
  }

  @Test
  void aFileInMemoryIsNotDirect() throws Exception {
    Path directory = Path.of("/dev/shm");
    CProgram.skipUnless(Files.isWritable(directory), "no /dev/shm here");
    Path path = Files.createTempFile(directory, "dio", "");
    try (TestRuntime test = new TestRuntime();
        DirectFile file = test.runtime.open(path, FilePolicy.DEFAULT, StandardOpenOption.WRITE);
        DirectFile strict =
            test.runtime.open(path, FilePolicy.DEFAULT.withFallbackAllowed(false))) {
      int fd = test.descriptor(path, Linux.O_RDONLY);
      CProgram.skipUnless(FileSystemType.of(fd) == FileSystemType.TMPFS, "not tmpfs");
      assertFalse(file.isDirect());
      String why = "TMPFS keeps its files in memory: there is no device to go to";
      assertEquals(why, file.reason());
      byte[] bytes = TestRuntime.bytes(10_000, 1);
      assertEquals(10_000, TestRuntime.write(file, bytes, 0));
      assertArrayEquals(bytes, Files.readAllBytes(path));
      IOException e =
          assertThrows(IOException.class, () -> TestRuntime.write(strict, new byte[4096], 0));
      assertTrue(e.getMessage().contains(why), e.getMessage());
    } finally {
      Files.delete(path);
    }
  }
}
