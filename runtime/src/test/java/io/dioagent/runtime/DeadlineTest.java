package io.dioagent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.dioagent.runtime.RecordingEventSink.Injected;
import io.dioagent.runtime.RecordingEventSink.Late;
import io.dioagent.runtime.RecordingEventSink.Lost;
import io.dioagent.runtime.api.Errno;
import io.dioagent.runtime.api.FilePolicy;
import io.dioagent.runtime.api.RuntimeOptions;
import io.dioagent.runtime.api.WriteHandler;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The deadline promise in the hardest case: many callers at once on a device that withholds
 * completions, or does not return from io_submit. All callers return in time, other writes are
 * served meanwhile, and afterwards nothing is missing.
 */
@Tag("engine")
class DeadlineTest {
  private static final Duration DEADLINE = Duration.ofMillis(300);

  /**
   * Limits the return of a caller; the error shows that it was released, and more than this is a
   * hang.
   */
  private static final long HANG_MILLIS = 60_000;

  private static final FilePolicy POLICY = FilePolicy.DEFAULT.withDeadline(DEADLINE);

  /** For writes that are to succeed, also on a busy machine. */
  private static final FilePolicy PATIENT = FilePolicy.DEFAULT.withDeadline(Duration.ofMinutes(1));

  private static final int BLOCK = 4096;

  /** So many writes elsewhere show that nothing waits for the stuck device. */
  private static final int ENOUGH = 100;

  /** The return of a caller. */
  private record Return(long millis, String error) {}

  /** Writes from many threads at once, and returns the result of each. */
  private static List<Return> writeAtOnce(DirectFile file, int threads, int lengthBytes, long step)
      throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    CountDownLatch go = new CountDownLatch(1);
    List<Future<Return>> all = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      long position = i * step;
      Callable<Return> writer =
          () -> {
            byte[] bytes = TestRuntime.bytes(lengthBytes, position);
            go.await();
            long start = System.nanoTime();
            try {
              TestRuntime.write(file, bytes, position);
              return new Return(TestRuntime.millisSince(start), null);
            } catch (IOException e) {
              return new Return(TestRuntime.millisSince(start), e.getMessage());
            }
          };
      all.add(pool.submit(writer));
    }
    go.countDown();
    List<Return> returns = new ArrayList<>();
    for (Future<Return> one : all) {
      returns.add(one.get(60, TimeUnit.SECONDS));
    }
    pool.shutdown();
    return returns;
  }

  private static void assertInTime(List<Return> returns, Path path, int lengthBytes) {
    for (Return one : returns) {
      assertTrue(
          one.millis() >= DEADLINE.toMillis() && one.millis() <= DEADLINE.toMillis() + HANG_MILLIS,
          "back after " + one.millis() + " ms: " + one.error());
      assertTrue(
          one.error() != null
              && one.error().startsWith("write of " + lengthBytes + " bytes at ")
              && one.error().contains(" of " + path + " ")
              && one.error().contains("deadline 300 ms"),
          one.error());
    }
  }

  /** Returns a file on another device, while the first device is stuck. */
  private static DirectFile onAnotherDevice(TestRuntime test, Path other, Path stuck)
      throws IOException {
    assertNotEquals(
        Files.getFileStore(stuck.getParent()), Files.getFileStore(other.getParent()), "devices");
    return test.runtime.open(other, FilePolicy.DEFAULT, StandardOpenOption.CREATE);
  }

  private static Path otherDevice(Path stuck) throws IOException {
    Path memory = Path.of("/dev/shm");
    boolean usable =
        Files.isWritable(memory)
            && !Files.getFileStore(memory).equals(Files.getFileStore(stuck.getParent()));
    if (!usable) {
      System.err.println("DeadlineTest: skipped, /dev/shm is not another writable device");
    }
    assumeTrue(usable, "/dev/shm is not another writable device");
    return memory.resolve("dio-deadline-test-" + ProcessHandle.current().pid());
  }

  @Test
  void withheldForGood() throws Exception {
    try (TestRuntime test = TestRuntime.withFaults("lose:count=64")) {
      test.loses();
      DirectFile file = test.openWritten("f", 64 * BLOCK, POLICY);
      assertInTime(writeAtOnce(file, 64, BLOCK, BLOCK), test.path("f"), BLOCK);
      assertEquals(64, test.statistics().lost());
      assertEquals(64 * BLOCK, test.statistics().quarantinedBytes());
      DirectFile patient = test.open("f", PATIENT);
      assertEquals(BLOCK, TestRuntime.write(patient, TestRuntime.bytes(BLOCK, 1), 0), "goes on");
      for (Lost lost : test.events.all(Lost.class)) {
        assertTrue(lost.submitterStack().contains("writeAtOnce"), lost.submitterStack());
      }
    }
  }

  /** Extending writes use few submitter threads: a lost write gives its thread back. */
  @Test
  void lostOnesTakeNoThreadWithThem() throws Exception {
    try (TestRuntime test = TestRuntime.withFaults("lose:path=**/f")) {
      test.loses();
      DirectFile file = test.open("f", POLICY);
      for (int i = 0; i < 2; i++) {
        assertInTime(writeAtOnce(file, 64, BLOCK, BLOCK), test.path("f"), BLOCK);
        file.force(false);
        TestRuntime.write(test.open("g" + i, PATIENT), new byte[1], 0);
        Files.write(test.path("f"), new byte[0]);
      }
      assertEquals(128, test.statistics().lost());
    }
  }

  @Test
  void withheldAndThenDelivered() throws Exception {
    try (TestRuntime test = TestRuntime.withFaults("late:for=6s:count=64")) {
      DirectFile file = test.openWritten("f", 64 * BLOCK, POLICY);
      assertInTime(writeAtOnce(file, 64, BLOCK, BLOCK), test.path("f"), BLOCK);
      assertEquals(64 * BLOCK, test.statistics().quarantinedBytes());
      test.events.await(Late.class, 64, Duration.ofSeconds(60));
      test.awaitSettled();
      for (Late late : test.events.all(Late.class)) {
        assertFalse(late.delivered());
        assertEquals(BLOCK, late.result());
      }
      for (Return one : writeAtOnce(test.open("f", PATIENT), 64, BLOCK, BLOCK)) {
        assertEquals(null, one.error(), "all is usable again");
      }
      assertEquals(64, test.statistics().lost());
    }
  }

  /** More callers than there are threads to get stuck in their place. */
  @Test
  void submissionStuck() throws Exception {
    Path other;
    try (TestRuntime test = TestRuntime.withFaults("submit-block:for=6s:path=**/stuck")) {
      DirectFile file = test.openWritten("stuck", 100 * BLOCK, POLICY);
      byte[] before = test.content("stuck");
      other = otherDevice(test.path("stuck"));
      try (DirectFile elsewhere = onAnotherDevice(test, other, test.path("stuck"))) {
        ExecutorService pool = Executors.newSingleThreadExecutor();
        Future<List<Return>> stuck = pool.submit(() -> writeAtOnce(file, 100, BLOCK, BLOCK));
        pool.shutdown();
        int served = 0;
        test.events.await(Injected.class, 1, Duration.ofSeconds(60));
        // The device answers when the first late completion is recorded.
        while (served < ENOUGH && test.answeredLate().isEmpty()) {
          // Extending and unaligned: it needs a lane, memory and a thread.
          assertEquals(5000, TestRuntime.write(elsewhere, new byte[5000], served * 5000L));
          try (FileChannel untagged =
              FileChannel.open(
                  test.path("untagged"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            untagged.write(ByteBuffer.wrap(new byte[100]));
          }
          served += test.answeredLate().isEmpty() ? 1 : 0;
        }
        assertTrue(served > 10, "served meanwhile: " + served);
        assertInTime(stuck.get(), test.path("stuck"), BLOCK);
      } finally {
        Files.deleteIfExists(other);
      }
      test.awaitSettled();
      for (Return one : writeAtOnce(test.open("free", PATIENT), 64, BLOCK, BLOCK)) {
        assertEquals(null, one.error(), "all is usable again");
      }
      int late = test.answeredLate().size();
      assertEquals(64, late, "those that had a thread were stuck, the others never began");
      byte[] content = test.content("stuck");
      int written = 0;
      for (int i = 0; i < 100; i++) {
        byte[] block = Arrays.copyOfRange(content, i * BLOCK, (i + 1) * BLOCK);
        boolean now = Arrays.equals(TestRuntime.bytes(BLOCK, (long) i * BLOCK), block);
        assertTrue(now || Arrays.equals(before, i * BLOCK, (i + 1) * BLOCK, block, 0, BLOCK));
        written += now ? 1 : 0;
      }
      assertEquals(late, written);
    }
  }

  @Test
  void bufferedWriteStuck() throws Exception {
    try (TestRuntime test = TestRuntime.withFaults("delay:for=5s:count=64")) {
      DirectFile file = test.openWritten("f", 64 * BLOCK, POLICY);
      assertInTime(writeAtOnce(file, 64, 100, BLOCK), test.path("f"), 100);
      test.awaitSettled();
      for (Return one : writeAtOnce(test.open("f", PATIENT), 64, 100, BLOCK)) {
        assertEquals(null, one.error(), "all is usable again");
      }
    }
  }

  /** So many that neither the device's memory nor the slots of one context hold them. */
  @Test
  void memoryHeldByAStuckDeviceIsNotAnothersToWaitFor() throws Exception {
    RuntimeOptions small = new RuntimeOptions(4, 1 << 20, 1 << 20);
    try (TestRuntime test = TestRuntime.withFaults(small, "late:for=5s:path=**/stuck")) {
      DirectFile file = test.openWritten("stuck", 8 << 20, POLICY);
      Path other = otherDevice(test.path("stuck"));
      List<Return> returns = writeAtOnce(file, 32, 256 << 10, 256 << 10);
      try (DirectFile elsewhere = onAnotherDevice(test, other, test.path("stuck"))) {
        assertTrue(test.statistics().quarantinedBytes() > 0);
        assertEquals(256 << 10, TestRuntime.write(elsewhere, new byte[256 << 10], 0));
      } finally {
        Files.deleteIfExists(other);
      }
      for (Return one : returns) {
        assertTrue(
            one.error() != null && one.millis() <= DEADLINE.toMillis() + HANG_MILLIS, "" + one);
      }
      test.awaitSettled();
    }
  }

  /** A caller that has its error may never use the queue again. */
  @ParameterizedTest
  @ValueSource(strings = {"late:for=4s", "submit-block:for=4s"})
  void lostMemoryOfAQueueComesBackWithoutItsThread(String fault) throws Exception {
    try (TestRuntime test = TestRuntime.withFaults(fault)) {
      // Long enough for each of them to get its thread.
      DirectFile file = test.openWritten("f", 64 << 10, POLICY.withDeadline(Duration.ofSeconds(1)));
      List<Long> results = new ArrayList<>();
      try (WriteQueue queue = test.runtime.newQueue(4)) {
        for (int i = 0; i < 4; i++) {
          try (AlignedBuffer buffer = test.runtime.allocate(BLOCK)) {
            queue.submit(file, buffer, BLOCK, (long) i * BLOCK, i);
          }
        }
        while (queue.inFlight() > 0) {
          queue.await(1, Duration.ofSeconds(5), (data, result, id) -> results.add(result));
        }
        assertEquals(4 * BLOCK, test.statistics().quarantinedBytes());
        test.awaitSettled();
        assertEquals(4, test.statistics().late());
      }
      assertEquals(4, results.stream().filter(r -> r == -Errno.ETIMEDOUT).count(), "" + results);
    }
  }

  @Test
  void aQueueOutlivesMoreLostWritesThanItHasSlots() throws Exception {
    try (TestRuntime test = TestRuntime.withFaults("lose:count=40:offset=0-64k")) {
      test.loses();
      DirectFile file = test.openWritten("f", 64 << 10, POLICY.withDeadline(Duration.ofMillis(20)));
      DirectFile patient = test.openWritten("g", 128 << 10, PATIENT);
      List<Long> results = new ArrayList<>();
      try (WriteQueue queue = test.runtime.newQueue(4)) {
        WriteHandler handler = (data, result, id) -> results.add(result);
        for (int i = 0; i < 44; i++) {
          AlignedBuffer buffer = test.runtime.allocate(BLOCK);
          queue.submit(i < 40 ? file : patient, buffer, BLOCK, i < 40 ? 0 : 64 << 10, i);
          buffer.close();
          while (queue.inFlight() == 4) {
            queue.await(1, Duration.ofSeconds(5), handler);
          }
        }
        while (queue.inFlight() > 0) {
          queue.await(1, Duration.ofSeconds(5), handler);
        }
      }
      assertEquals(44, results.size());
      assertEquals(40, results.stream().filter(r -> r == -Errno.ETIMEDOUT).count(), "" + results);
      assertEquals(4, results.stream().filter(r -> r == BLOCK).count(), "" + results);
    }
  }
}
