package io.dioagent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.runtime.api.DirectIoException;
import io.dioagent.runtime.api.FilePolicy;
import io.dioagent.runtime.api.OnLost;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Requests that share a page of a file, one of them through the page cache. */
@Tag("engine")
@Tag("host")
class OverlapTest {
  private static final int BLOCK = 4096;
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final FilePolicy SHORT_DEADLINE =
      FilePolicy.DEFAULT.withDeadline(Duration.ofMillis(300));
  private static final FilePolicy PATIENT = FilePolicy.DEFAULT.withDeadline(LONG);
  private static final String CLAIM = "an earlier write of the same pages";

  private static CompletableFuture<Void> start(Body body) {
    return CompletableFuture.runAsync(
        () -> {
          try {
            body.run();
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        },
        task -> new Thread(task).start());
  }

  private interface Body {
    void run() throws Exception;
  }

  private static void awaitWaitingForClaim(TestRuntime test) throws InterruptedException {
    long end = System.nanoTime() + LONG.toNanos();
    while (test.runtime.inFlight().stream().noneMatch(one -> one.waitingFor().startsWith(CLAIM))) {
      assertTrue(System.nanoTime() - end < 0, "" + test.runtime.inFlight());
      Thread.sleep(1);
    }
  }

  /** The kernel may still write a lost request: its pages stay claimed until then. */
  @Test
  void aLostRequestKeepsItsPages() throws Exception {
    try (TestRuntime test = TestRuntime.withFaults("late:for=3s:count=1")) {
      DirectFile file = test.openWritten("f", 4 * BLOCK, SHORT_DEADLINE);
      byte[] block = TestRuntime.bytes(BLOCK, 1);
      byte[] few = TestRuntime.bytes(100, 2);
      assertThrows(DirectIoException.class, () -> TestRuntime.write(file, block, 0));
      IOException waited =
          assertThrows(DirectIoException.class, () -> TestRuntime.write(file, few, 50));
      assertTrue(
          waited.getMessage().startsWith("write of 100 bytes at 50 of ")
              && waited.getMessage().contains(" could not start within ")
              && waited.getMessage().contains(CLAIM + " has not ended"),
          waited.getMessage());
      // Other pages, or the same kind of access: no wait.
      DirectFile patient = test.open("f", PATIENT);
      assertEquals(100, TestRuntime.write(patient, few, BLOCK + 50));
      assertEquals(BLOCK, TestRuntime.write(patient, block, 0));
      assertEquals(100, TestRuntime.write(patient, few, 50), "when it has ended");
      assertTrue(test.statistics().late() >= 1, "" + test.statistics());
    }
  }

  @Test
  void withOnLostReportItWaitsOn() throws Exception {
    try (TestRuntime test = TestRuntime.withFaults("late:for=2s:count=1")) {
      DirectFile file = test.openWritten("f", 4 * BLOCK, SHORT_DEADLINE);
      DirectFile waiting = test.open("f", SHORT_DEADLINE.withOnLost(OnLost.REPORT));
      byte[] block = TestRuntime.bytes(BLOCK, 1);
      assertThrows(DirectIoException.class, () -> TestRuntime.write(file, block, 0));
      assertEquals(100, TestRuntime.write(waiting, TestRuntime.bytes(100, 2), 50));
      assertTrue(test.statistics().lost() >= 2, "" + test.statistics());
    }
  }

  /** While a caller writes a byte by itself, no write goes past the page cache. */
  @Test
  void aCallersOwnWriteExcludesDirectOnes() throws Exception {
    try (TestRuntime test = new TestRuntime()) {
      DirectFile file = test.openWritten("f", 4 * BLOCK, PATIENT);
      CompletableFuture<?>[] direct = new CompletableFuture<?>[1];
      file.callerWrites(
          1,
          () -> {
            direct[0] = start(() -> TestRuntime.write(file, TestRuntime.bytes(BLOCK, 1), BLOCK));
            try {
              awaitWaitingForClaim(test);
            } catch (InterruptedException e) {
              throw new IOException(e);
            }
            assertFalse(direct[0].isDone());
            return 1;
          });
      direct[0].get(60, TimeUnit.SECONDS);
      assertThrows(
          IOException.class,
          () ->
              file.callerWrites(
                  1,
                  () -> {
                    throw new IOException("as wanted");
                  }));
      TestRuntime.write(file, TestRuntime.bytes(BLOCK, 1), BLOCK); // The claim is given back.
    }
  }

  /** More requests wait for pages than there are threads: the owner of the pages still gets one. */
  @Test
  void aRequestThatWaitsForPagesHasNoThread() throws Exception {
    int count = 150;
    try (TestRuntime test = new TestRuntime()) {
      DirectFile file = test.openWritten("f", count * BLOCK, PATIENT);
      AtomicLong bytes = new AtomicLong();
      List<AlignedBuffer> buffers = new ArrayList<>();
      try (WriteQueue queue = test.runtime.newQueue(count)) {
        file.callerWrites(
            1,
            () -> {
              for (int i = 0; i < count; i++) {
                AlignedBuffer buffer = test.runtime.allocate(BLOCK);
                buffers.add(buffer);
                queue.submit(file, buffer, BLOCK, (long) i * BLOCK, i);
              }
              queue.await(0, Duration.ofMillis(1), (data, result, id) -> bytes.addAndGet(result));
              long end = System.nanoTime() + LONG.toNanos();
              // Extending, so a thread of the same device is needed.
              for (int i = 0; i < 5; i++) {
                queue.await(
                    1, Duration.ofMillis(20), (data, result, id) -> bytes.addAndGet(result));
                DirectFile other = test.open("g" + i, PATIENT);
                assertEquals(10, TestRuntime.write(other, new byte[10], 0));
              }
              assertTrue(System.nanoTime() - end < 0);
              assertEquals(0, bytes.get());
              return 1;
            });
        while (queue.inFlight() > 0) {
          queue.await(queue.inFlight(), LONG, (data, result, id) -> bytes.addAndGet(result));
        }
      } finally {
        buffers.forEach(AlignedBuffer::close);
      }
      assertEquals((long) count * BLOCK, bytes.get());
      assertEquals(0, test.statistics().errors());
    }
  }

  /**
   * The queue's thread makes another kind of write meanwhile, beside one that it has not even
   * submitted.
   */
  @Test
  void theThreadOfAQueueDoesNotWaitForItself() throws Exception {
    try (TestRuntime test = new TestRuntime();
        AlignedBuffer buffer = test.runtime.allocate(BLOCK);
        AlignedBuffer another = test.runtime.allocate(BLOCK);
        WriteQueue queue = test.runtime.newQueue(64)) {
      DirectFile file = test.openWritten("f", 4 * BLOCK, PATIENT);
      // Opens the descriptors that are needed.
      TestRuntime.write(file, TestRuntime.bytes(BLOCK, 1), 0);
      byte[] few = TestRuntime.bytes(100, 2);
      List<Long> results = new ArrayList<>();
      queue.submit(file, buffer, BLOCK, 0, 1);
      assertEquals(100, TestRuntime.write(file, few, 50));
      queue.submit(file, another, BLOCK, BLOCK, 2);
      queue.flush();
      assertEquals(100, TestRuntime.write(file, few, BLOCK + 50));
      assertEquals(2, queue.await(2, LONG, (data, result, id) -> results.add(result)));
      assertEquals(List.of((long) BLOCK, (long) BLOCK), results);
      assertEquals(0, test.statistics().lost());
    }
  }

  /** Half of the direct writes turn to the page cache while they are under way. */
  @Test
  void aWriteThatTurnsToThePageCacheClaimsAgain() throws Exception {
    int writers = 6;
    int rounds = Integer.getInteger("dio.test.overlap.turns", 60);
    try (TestRuntime test = TestRuntime.withFaults("short:rate=0.5:seed=1")) {
      DirectFile file = test.openWritten("f", 16 * BLOCK, PATIENT);
      for (int round = 0; round < rounds; round++) {
        turn(test, file, writers, new Random(round));
      }
      assertEquals(0, test.statistics().errors());
      assertEquals(0, test.statistics().lost());
      assertEquals(0, test.statistics().collisions());
    }
  }

  private static void turn(TestRuntime test, DirectFile file, int writers, Random random)
      throws Exception {
    byte[] before = test.content("f");
    int[] offsets = new int[writers];
    int[] lengths = new int[writers];
    CyclicBarrier go = new CyclicBarrier(writers);
    AtomicReference<Throwable> failure = new AtomicReference<>();
    CountDownLatch ended = new CountDownLatch(writers);
    for (int i = 0; i < writers; i++) {
      boolean whole = random.nextBoolean();
      offsets[i] = whole ? random.nextInt(8) * BLOCK : random.nextInt(8 * BLOCK);
      lengths[i] = whole ? (1 + random.nextInt(8)) * BLOCK : 1 + random.nextInt(8 * BLOCK - 1);
      byte[] bytes = new byte[lengths[i]];
      java.util.Arrays.fill(bytes, (byte) (i + 1));
      int offset = offsets[i];
      Thread thread =
          new Thread(
              () -> {
                try {
                  go.await();
                  for (int done = 0; done < bytes.length; ) {
                    byte[] rest = java.util.Arrays.copyOfRange(bytes, done, bytes.length);
                    done += (int) TestRuntime.write(file, rest, offset + done);
                  }
                } catch (Exception | AssertionError e) {
                  failure.compareAndSet(null, e);
                } finally {
                  ended.countDown();
                }
              });
      thread.start();
    }
    assertTrue(ended.await(120, TimeUnit.SECONDS));
    assertEquals(null, failure.get());
    byte[] content = test.content("f");
    for (int at = 0; at < content.length; at++) {
      boolean covered = false;
      boolean right = false;
      for (int i = 0; i < writers; i++) {
        if (at >= offsets[i] && at < offsets[i] + lengths[i]) {
          covered = true;
          right |= content[at] == i + 1;
        }
      }
      assertTrue(covered ? right : content[at] == before[at], "byte " + at + " " + content[at]);
    }
  }
}
