package io.dioagent.runtime.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.runtime.api.Errno;
import io.dioagent.runtime.api.RequestInfo;
import io.dioagent.runtime.linux.CMemory;
import io.dioagent.runtime.linux.Linux;
import io.dioagent.runtime.testing.CProgram;
import io.dioagent.runtime.testing.Scratch;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The promises of a context, for each engine, on the kernel itself. */
class EngineTest {
  private static final long LONG_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final RequestInfo REQUEST = new RequestInfo(1, "f", 0, 0);

  private final Scratch scratch = new Scratch();

  @AfterEach
  void close() {
    scratch.close();
  }

  private static AioContext open(EngineKind kind, int depth) {
    ChosenEngine engine = new ChosenEngine(kind);
    try {
      AioContext context = engine.open(depth);
      assertEquals(
          kind == EngineKind.AUTO ? "aio" : kind.name().toLowerCase(Locale.ROOT), engine.chosen());
      assertNull(engine.whyNotFirst());
      return context;
    } catch (AioUnavailableException e) {
      CProgram.skipUnless(false, "no engine " + kind + " here: " + e.getMessage());
      throw new AssertionError(e);
    }
  }

  private static int openFile(Path path, int flags) {
    int fd = (int) Linux.open(path.toString(), flags | Linux.O_RDWR | Linux.O_CLOEXEC, 0600);
    assertTrue(fd >= 0, path + ": " + fd);
    return fd;
  }

  /** Submits all queued writes, in as many calls as necessary; refused ones get their errno. */
  private static void submitAll(AioContext context, Submissions batch, Map<Long, Long> results) {
    for (int place = 0; place < batch.queued(); ) {
      int taken = context.submit(batch, place, batch.queued() - place);
      if (taken < 0) {
        results.put(batch.data(batch.slot(place)), (long) taken);
      }
      place += Math.max(taken, 1);
    }
    batch.clearQueue();
  }

  private static void reapUntil(
      AioContext context, Completions batch, Map<Long, Long> results, int count) {
    long end = System.nanoTime() + LONG_NANOS;
    while (results.size() < count) {
      int came = context.reap(batch, count - results.size(), end - System.nanoTime());
      assertTrue(came > 0 || came == -Errno.EINTR, "got " + results + ", then " + came);
      for (int i = 0; i < came; i++) {
        assertNull(results.put(batch.data(i), batch.result(i)), "twice: " + batch.data(i));
      }
    }
  }

  /**
   * Every field that the runtime sets, by its effect in the kernel: data, file, bytes, place,
   * result.
   */
  @ParameterizedTest
  @EnumSource(EngineKind.class)
  void theKernelReadsTheFields(EngineKind kind) throws Exception {
    Path file = scratch.file("f");
    int fd = openFile(file, Linux.O_CREAT);
    try (AioContext context = open(kind, 8);
        Submissions submissions = new Submissions(8);
        Completions completions = new Completions(8);
        CMemory memory = new CMemory(64)) {
      memory.bytes().put(0, "abcdefghijklmnopqrstuvwxyz".getBytes(StandardCharsets.US_ASCII));
      Map<Long, Long> results = new HashMap<>();
      submissions.put(3, 0xfedcba9876543210L, REQUEST, fd, memory.address(), 3, 10, 0);
      submissions.put(0, 2, REQUEST, fd, memory.address() + 3, 4, 0, Linux.RWF_DSYNC);
      submissions.put(2, 3, REQUEST, fd, memory.address(), 5, -1, 0);
      submissions.put(1, -1, REQUEST, fd, memory.address() + 20, 6, 20, 0);
      submissions.put(5, 5, REQUEST, 1 << 20, memory.address(), 6, 0, 0);
      submissions.put(4, 6, REQUEST, fd, 8, 6, 0, 0);
      submissions.put(7, 7, REQUEST, fd, memory.address(), 6, 0, 1 << 30);
      submitAll(context, submissions, results);
      reapUntil(context, completions, results, 7);
      assertEquals(
          Map.of(
              0xfedcba9876543210L,
              3L,
              2L,
              4L,
              3L,
              (long) -Errno.EINVAL,
              -1L,
              6L,
              5L,
              (long) -Errno.EBADF,
              6L,
              (long) -Errno.EFAULT,
              7L,
              (long) -Errno.EOPNOTSUPP),
          results);
      long before = System.nanoTime();
      assertEquals(0, context.reap(completions, 1, 30_000_000), "a time-out");
      assertTrue(System.nanoTime() - before >= 29_000_000);
      assertEquals(0, context.reap(completions, 1, 0));
      assertEquals(-Errno.EINVAL, context.cancel(submissions, 0), "not in flight");
    } finally {
      Linux.close(fd);
    }
    byte[] expected = new byte[26];
    System.arraycopy("defg".getBytes(StandardCharsets.US_ASCII), 0, expected, 0, 4);
    System.arraycopy("abc".getBytes(StandardCharsets.US_ASCII), 0, expected, 10, 3);
    System.arraycopy("uvwxyz".getBytes(StandardCharsets.US_ASCII), 0, expected, 20, 6);
    assertArrayEquals(expected, Files.readAllBytes(file));
  }

  /** A write that would have to allocate fails with EAGAIN; without the flag it succeeds. */
  @ParameterizedTest
  @EnumSource(EngineKind.class)
  void nowaitIsPassedOn(EngineKind kind) throws Exception {
    int fd = openFile(scratch.file("f"), Linux.O_CREAT | Linux.O_DIRECT);
    try (AioContext context = open(kind, 2);
        Submissions submissions = new Submissions(2);
        Completions completions = new Completions(2)) {
      long memory = Linux.mapMemory(Linux.PAGE_BYTES);
      Map<Long, Long> results = new HashMap<>();
      submissions.put(0, 1, REQUEST, fd, memory, Linux.PAGE_BYTES, 0, Linux.RWF_NOWAIT);
      submitAll(context, submissions, results);
      reapUntil(context, completions, results, 1);
      submissions.put(0, 2, REQUEST, fd, memory, Linux.PAGE_BYTES, 0, 0);
      submitAll(context, submissions, results);
      reapUntil(context, completions, results, 2);
      Linux.unmapMemory(memory, Linux.PAGE_BYTES);
      assertEquals(Map.of(1L, (long) -Errno.EAGAIN, 2L, Linux.PAGE_BYTES), results);
    } finally {
      Linux.close(fd);
    }
  }

  /** Of more writes than there is room for, some are accepted, and none is lost or done twice. */
  @ParameterizedTest
  @EnumSource(EngineKind.class)
  void aFullRing(EngineKind kind) {
    int count = 4096;
    int fd = openFile(Path.of("/dev/null"), 0);
    try (AioContext context = open(kind, 4);
        Submissions submissions = new Submissions(count);
        Completions completions = new Completions(count);
        CMemory memory = new CMemory(8)) {
      for (int i = 0; i < count; i++) {
        submissions.put(i, i, REQUEST, fd, memory.address(), 1 + i % 8, 0, 0);
      }
      int place = 0;
      for (int taken; (taken = context.submit(submissions, place, count - place)) > 0; ) {
        place += taken;
        // Without reaping it must end.
        assertTrue(place < count, "all are taken with a depth of 4");
      }
      assertTrue(place >= 4, "taken " + place);
      assertEquals(-Errno.EAGAIN, context.submit(submissions, place, 1));
      Map<Long, Long> results = new HashMap<>();
      reapUntil(context, completions, results, place);
      while (place < count) {
        int taken = context.submit(submissions, place, Math.min(3, count - place));
        place += Math.max(taken, 0);
        reapUntil(context, completions, results, place);
      }
      for (long i = 0; i < count; i++) {
        assertEquals(1 + i % 8, results.get(i));
      }
    } finally {
      Linux.close(fd);
    }
  }

  /** A submitter and a reaper concurrently, many times around the ring. */
  @ParameterizedTest
  @EnumSource(EngineKind.class)
  void twoThreads(EngineKind kind) throws Exception {
    int count = 50_000;
    int depth = 16;
    int fd = openFile(Path.of("/dev/null"), 0);
    try (AioContext context = open(kind, depth);
        Submissions submissions = new Submissions(depth);
        Completions completions = new Completions(depth);
        CMemory memory = new CMemory(64)) {
      CompletableFuture<String> reaped = new CompletableFuture<>();
      Thread reaper =
          new Thread(
              () -> {
                boolean[] seen = new boolean[count];
                int got = 0;
                long end = System.nanoTime() + 2 * LONG_NANOS;
                while (got < count && System.nanoTime() < end) {
                  int came = context.reap(completions, 1, 100_000_000);
                  for (int i = 0; i < came; i++, got++) {
                    int data = (int) completions.data(i);
                    if (seen[data] || completions.result(i) != 1 + data % 64) {
                      reaped.complete(data + ": " + seen[data] + ", " + completions.result(i));
                    }
                    seen[data] = true;
                  }
                }
                reaped.complete(got == count ? "all" : got + " of " + count);
              });
      reaper.start();
      for (int next = 0; next < count && !reaped.isDone(); ) {
        submissions.clearQueue();
        int batch = Math.min(depth, Math.min(1 + next % 7, count - next));
        for (int i = 0; i < batch; i++) {
          int bytes = 1 + (next + i) % 64;
          submissions.put(i, next + i, REQUEST, fd, memory.address(), bytes, 0, 0);
        }
        int taken = context.submit(submissions, 0, batch);
        if (taken < 0) {
          assertEquals(-Errno.EAGAIN, taken);
          Thread.onSpinWait();
        }
        next += Math.max(0, taken);
      }
      assertEquals("all", reaped.get(2, TimeUnit.MINUTES));
      reaper.join();
    } finally {
      Linux.close(fd);
    }
  }

  /** Memory may be released when a context is closed: all writes in flight have ended. */
  @ParameterizedTest
  @EnumSource(EngineKind.class)
  void closingWaits(EngineKind kind) throws Exception {
    int depth = 16;
    int pieceBytes = 1 << 20;
    Path file = scratch.file("f");
    int fd = openFile(file, Linux.O_CREAT | Linux.O_DIRECT);
    long memory = Linux.mapMemory((long) depth * pieceBytes);
    byte[] expected = new byte[depth * pieceBytes];
    Arrays.fill(expected, (byte) 'x');
    Linux.view(memory, expected.length).put(expected);
    try (Submissions submissions = new Submissions(depth)) {
      AioContext context = open(kind, depth);
      for (int i = 0; i < depth; i++) {
        long at = (long) i * pieceBytes;
        submissions.put(i, i, REQUEST, fd, memory + at, pieceBytes, at, 0);
      }
      Map<Long, Long> refused = new HashMap<>();
      submitAll(context, submissions, refused);
      assertEquals(Map.of(), refused);
      context.close();
    } finally {
      Linux.unmapMemory(memory, (long) depth * pieceBytes);
      Linux.close(fd);
    }
    assertArrayEquals(expected, Files.readAllBytes(file));
  }

  /** An interrupt neither ends a wait nor is lost. */
  @ParameterizedTest
  @EnumSource(EngineKind.class)
  void interrupts(EngineKind kind) {
    try (AioContext context = open(kind, 1);
        Completions completions = new Completions(1)) {
      Thread.currentThread().interrupt();
      long before = System.nanoTime();
      int came = -Errno.EINTR;
      while (came == -Errno.EINTR) { // By a signal of the JVM's, or work of a ring closed before.
        came = context.reap(completions, 1, 20_000_000);
      }
      assertEquals(0, came);
      assertTrue(System.nanoTime() - before >= 19_000_000);
      assertTrue(Thread.interrupted());
    }
  }

  /** Contexts that are made and closed leave nothing behind. */
  @ParameterizedTest
  @EnumSource(value = EngineKind.class, names = "IO_URING")
  void descriptorsAndMappingsAreGivenBack(EngineKind kind) throws Exception {
    open(kind, 32).close();
    List<String> before = rings();
    for (int i = 0; i < 50; i++) {
      open(kind, 32).close();
    }
    assertEquals(before, rings());
  }

  /** Returns descriptors and mappings of rings in this process. */
  private static List<String> rings() throws Exception {
    List<String> maps =
        Files.readAllLines(Path.of("/proc/self/maps")).stream()
            .filter(line -> line.contains("io_uring"))
            .toList();
    try (var descriptors = Files.list(Path.of("/proc/self/fd"))) {
      long open =
          descriptors.filter(fd -> Files.isSymbolicLink(fd)).filter(fd -> isRing(fd)).count();
      return List.of(maps.size() + " mappings", open + " descriptors");
    }
  }

  private static boolean isRing(Path fd) {
    try {
      return Files.readSymbolicLink(fd).toString().contains("io_uring");
    } catch (java.io.IOException e) {
      return false; // The descriptor of the listing itself.
    }
  }
}
