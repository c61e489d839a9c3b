package io.dioagent.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.runtime.RecordingEventSink.Fallback;
import io.dioagent.runtime.api.DirectIoException;
import io.dioagent.runtime.api.Errno;
import io.dioagent.runtime.api.EventSink;
import io.dioagent.runtime.api.FilePolicy;
import io.dioagent.runtime.api.RuntimeOptions;
import io.dioagent.runtime.api.Statistics;
import io.dioagent.runtime.engine.AioEngine;
import io.dioagent.runtime.engine.AioUnavailableException;
import io.dioagent.runtime.engine.ChosenEngine;
import io.dioagent.runtime.engine.EngineKind;
import io.dioagent.runtime.testing.CProgram;
import io.dioagent.runtime.testing.Forked;
import io.dioagent.runtime.testing.Scratch;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Without an engine all writes succeed buffered, and an event reports the reason. */
class AioMissingTest {
  private static final String WHY = "io_setup(32) says ENOSYS: as this test wants it";

  private static AioEngine none() {
    return depth -> {
      throw new AioUnavailableException(Errno.ENOSYS, WHY);
    };
  }

  @Test
  void writesGoBuffered() throws Exception {
    try (TestRuntime test = new TestRuntime(RuntimeOptions.DEFAULT, engine -> none())) {
      assertEquals(WHY, test.runtime.whyNotDirect());
      DirectFile file = test.openWritten("f", 1 << 20, FilePolicy.DEFAULT);
      byte[] aligned = TestRuntime.bytes(1 << 20, 1);
      byte[] odd = TestRuntime.bytes(5555, 2);
      assertEquals(1 << 20, TestRuntime.write(file, aligned, 0));
      assertEquals(5555, TestRuntime.write(file, odd, 777));
      System.arraycopy(odd, 0, aligned, 777, 5555);
      assertArrayEquals(aligned, test.content("f"));
      assertEquals((1 << 20) + 5555, test.statistics().bufferedBytes());
      assertEquals(0, test.statistics().directBytes());
      List<Fallback> reported = test.events.all(Fallback.class);
      assertEquals(
          (1 << 20) + 5555, reported.stream().mapToLong(one -> one.part().lengthBytes()).sum());
      assertTrue(
          reported.stream().allMatch(one -> one.reason().equals("no engine: " + WHY)),
          "" + reported);
      file.force(true);
    }
  }

  @Test
  void fallbackForbiddenRefuses() throws Exception {
    try (TestRuntime test = new TestRuntime(RuntimeOptions.DEFAULT, engine -> none())) {
      DirectFile file = test.openWritten("f", 65536, FilePolicy.DEFAULT.withFallbackAllowed(false));
      DirectIoException e =
          assertThrows(
              DirectIoException.class,
              () -> TestRuntime.write(file, TestRuntime.bytes(4096, 1), 0));
      assertTrue(e.getMessage().contains("no engine: " + WHY), e.getMessage());
      assertArrayEquals(new byte[65536], test.content("f"));
    }
  }

  @Test
  void queuesWorkToo() throws Exception {
    try (TestRuntime test = new TestRuntime(RuntimeOptions.DEFAULT, engine -> none())) {
      DirectFile file = test.openWritten("f", 65536, FilePolicy.DEFAULT);
      byte[] bytes = TestRuntime.bytes(8192, 1);
      Map<Long, Long> results = new TreeMap<>();
      try (AlignedBuffer buffer = test.runtime.allocate(8192);
          WriteQueue queue = test.runtime.newQueue(4)) {
        buffer.byteBuffer().put(0, bytes);
        queue.submit(file, buffer, 8192, 4096, 7);
        assertEquals(
            1,
            queue.await(
                1, Duration.ofSeconds(10), (data, result, id) -> results.put(data, result)));
      }
      assertEquals(Map.of(7L, 8192L), results);
      assertArrayEquals(bytes, java.util.Arrays.copyOfRange(test.content("f"), 4096, 4096 + 8192));
    }
  }

  /** Another process had used up the contexts, and releases them. */
  @Test
  void someContextsAreEnough() throws Exception {
    int[] allowed = {2};
    try (TestRuntime test =
        new TestRuntime(
            RuntimeOptions.DEFAULT,
            engine ->
                depth -> {
                  if (allowed[0]-- <= 0) {
                    throw new AioUnavailableException(Errno.EAGAIN, "used up");
                  }
                  return engine.open(depth);
                })) {
      DirectFile file = test.openWritten("f", 1 << 20, FilePolicy.DEFAULT);
      Thread[] writers = new Thread[8];
      for (int t = 0; t < writers.length; t++) {
        int number = t;
        writers[t] =
            new Thread(
                () -> {
                  try {
                    for (int i = 0; i < 20; i++) {
                      TestRuntime.write(file, TestRuntime.bytes(4096, number), number * 4096L);
                    }
                  } catch (java.io.IOException e) {
                    throw new AssertionError(e);
                  }
                });
        writers[t].start();
      }
      for (Thread writer : writers) {
        writer.join();
      }
      assertNull(test.runtime.whyNotDirect());
      assertEquals(8 * 20 * 4096, test.statistics().directBytes(), "all wait for the two");
    }
  }

  private static final String LAUNCHER =
      """
      #include <errno.h>
      #include <linux/filter.h>
      #include <linux/seccomp.h>
      #include <stddef.h>
      #include <stdio.h>
      #include <stdlib.h>
      #include <string.h>
      #include <sys/prctl.h>
      #include <sys/syscall.h>
      #include <unistd.h>
      /* launcher CALL ERRNO COMMAND...: runs it where that call fails so. */
      int main(int argc, char **argv) {
        int call = strcmp(argv[1], "io_setup") == 0 ? SYS_io_setup : 425; /* io_uring_setup */
        struct sock_filter code[] = {
          BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
          BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, call, 0, 1),
          BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | atoi(argv[2])),
          BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
        };
        struct sock_fprog program = { sizeof(code) / sizeof(code[0]), code };
        if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0
            || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0) {
          perror("seccomp");
          return 99;
        }
        execvp(argv[3], argv + 3);
        perror("exec");
        return 98;
      }
      """;

  /** Returns the reports of a JVM's writes when a call fails. */
  private static List<String> without(String call, int errno, EngineKind engine) throws Exception {
    try (Scratch scratch = new Scratch()) {
      Path launcher = CProgram.compile(scratch, "launcher", LAUNCHER);
      Path file = scratch.written("f", 65536);
      List<String> lines;
      try (Forked jvm =
          Forked.jvm(
              List.of(launcher.toString(), call, "" + errno),
              WriteOnce.class,
              file.toString(),
              engine.name())) {
        Forked.Result result = jvm.join();
        CProgram.skipUnless(result.exitCode() != 99, "no seccomp filter here: " + result);
        assertEquals(0, result.exitCode(), result.toString());
        // Newer JVMs print warnings about native access.
        lines =
            result.lines().stream()
                .filter(line -> line.matches("(why|engine|written|strict|refused)\\b.*"))
                .toList();
      }
      assertArrayEquals(TestRuntime.bytes(65536, 5), Files.readAllBytes(file));
      return lines;
    }
  }

  private static void expectBuffered(
      String call, int errno, EngineKind engine, String expectedReason) throws Exception {
    List<String> lines = without(call, errno, engine);
    assertEquals(4, lines.size(), lines.toString());
    assertTrue(lines.get(0).startsWith("why: " + expectedReason), lines.toString());
    assertEquals("engine none", lines.get(1));
    assertEquals("written 65536, direct 0, buffered 65536", lines.get(2));
    assertTrue(lines.get(3).startsWith("refused: 4096 bytes at 0 of "), lines.toString());
    assertTrue(lines.get(3).contains(expectedReason), lines.toString());
  }

  /** The kernel itself fails the call, by a filter as in containers. */
  @Test
  void noSuchSystemCall() throws Exception {
    expectBuffered(
        "io_setup",
        Errno.ENOSYS,
        EngineKind.AIO,
        "io_setup(32) says ENOSYS: this kernel or this container's seccomp profile has no AIO;"
            + " allow io_setup, io_submit, io_getevents and io_destroy");
  }

  /** As when fs.aio-max-nr is used up by other processes. */
  @Test
  void contextsAreUsedUp() throws Exception {
    expectBuffered(
        "io_setup", Errno.EAGAIN, EngineKind.AIO, "io_setup(32) says EAGAIN: fs.aio-max-nr is ");
  }

  /** As with kernel.io_uring_disabled. */
  @Test
  void ioUringIsNotAllowed() throws Exception {
    expectBuffered(
        "io_uring_setup",
        Errno.EPERM,
        EngineKind.IO_URING,
        "io_uring_setup(32) says EPERM: kernel.io_uring_disabled is ");
  }

  /** Goes direct all the same. */
  @Test
  void withoutAioThereIsPwrite() throws Exception {
    List<String> lines = without("io_setup", Errno.ENOSYS, EngineKind.AUTO);
    CProgram.skipUnless(!lines.contains("strict: not direct"), "no direct I/O here: " + lines);
    assertEquals(4, lines.size(), lines.toString());
    assertEquals("why: null", lines.get(0));
    assertTrue(
        lines.get(1).startsWith("engine pwrite: io_setup(32) says ENOSYS: "), lines.toString());
    assertEquals("written 65536, direct 65536, buffered 0", lines.get(2));
    assertEquals("strict: 4096", lines.get(3));
  }

  /** Runs in its own JVM. */
  static final class WriteOnce {
    private WriteOnce() {}

    public static void main(String[] arguments) throws Exception {
      Path path = Path.of(arguments[0]);
      ChosenEngine engine = new ChosenEngine(EngineKind.valueOf(arguments[1]));
      try (DirectRuntime runtime =
              DirectRuntime.start(RuntimeOptions.DEFAULT, EventSink.none(), engine);
          DirectFile file = runtime.open(path, FilePolicy.DEFAULT, StandardOpenOption.WRITE);
          DirectFile strict = runtime.open(path, FilePolicy.DEFAULT.withFallbackAllowed(false))) {
        System.out.println("why: " + runtime.whyNotDirect());
        System.out.println(engine);
        byte[] content = TestRuntime.bytes(65536, 5);
        int written = file.write(ByteBuffer.wrap(content), 0);
        Statistics now = runtime.statistics();
        System.out.println(
            "written "
                + written
                + ", direct "
                + now.directBytes()
                + ", buffered "
                + now.bufferedBytes());
        if (!strict.isDirect()) {
          System.out.println("strict: not direct");
          return;
        }
        try {
          System.out.println("strict: " + strict.write(ByteBuffer.wrap(content, 0, 4096), 0));
        } catch (DirectIoException e) {
          System.out.println("refused: " + e.getMessage());
        }
      }
    }
  }
}
