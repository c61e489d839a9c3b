package io.dioagent.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.runtime.RecordingEventSink.Late;
import io.dioagent.runtime.RecordingEventSink.Lost;
import io.dioagent.runtime.api.Errno;
import io.dioagent.runtime.api.FilePolicy;
import io.dioagent.runtime.api.OnLost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Queued writes that miss their deadline. Writes that are to keep theirs have a long one: the disk
 * may be busy.
 */
@Tag("engine")
class WriteQueueDeadlineTest extends WriteQueueTestBase {
  /** A write that a submitter thread is stuck with is lost once, and late once. */
  @Test
  void aStuckSubmission() throws Exception {
    restart("submit-block:for=3s:offset=0-4k:count=3");
    DirectFile file = test.openWritten("f", MIB, SHORT_DEADLINE);
    DirectFile patient = test.open("f");
    try (WriteQueue queue = test.runtime.newQueue(4)) {
      queue.submit(file, buffer(BLOCK, 1), BLOCK, 0, 1);
      queue.submit(patient, buffer(BLOCK, 2), BLOCK, BLOCK, 2);
      while (results.size() < 2) {
        queue.await(1, LONG, this::completed);
      }
      assertEquals(List.of(), test.answeredLate(), "before the device answers");
      assertEquals(Map.of(1L, (long) -Errno.ETIMEDOUT, 2L, 4096L), results);
      assertEquals(BLOCK, test.statistics().quarantinedBytes());
    }
    test.await("the quarantine's end", now -> now.quarantinedBytes() == 0, Duration.ofSeconds(60));
    assertEquals(1, test.statistics().lost(), test.events.all(Lost.class).toString());
    assertEquals(1, test.statistics().late(), test.events.all(Late.class).toString());
    assertEquals(1, test.answeredLate().size(), test.events.all(Late.class).toString());
  }

  @Test
  void aLostWriteTimesOutAndItsBufferStaysInUse() throws Exception {
    restart("late:for=3s:offset=0-4k");
    DirectFile file = test.openWritten("f", MIB, SHORT_DEADLINE);
    DirectFile patient = test.open("f");
    AlignedBuffer late = buffer(BLOCK, 1);
    try (WriteQueue queue = test.runtime.newQueue(4)) {
      queue.submit(file, late, BLOCK, 0, 1);
      queue.submit(patient, buffer(BLOCK, 2), BLOCK, BLOCK, 2);
      assertEquals(1, queue.await(1, LONG, this::completed));
      assertEquals(Map.of(2L, 4096L), results);
      assertEquals(1, queue.await(1, LONG, this::completed));
      assertEquals(List.of(), test.answeredLate(), "before the device answers");
      assertEquals(-Errno.ETIMEDOUT, results.get(1L));
      assertEquals(0, queue.inFlight());
      assertTrue(late.isInUse());
      assertEquals(BLOCK, test.statistics().quarantinedBytes());
      late.close();
      assertEquals(BLOCK, test.statistics().quarantinedBytes(), "closing does not free it");
      Lost lost = test.events.only(Lost.class);
      assertEquals(Thread.currentThread().getName(), lost.submitter());
      // The queue goes on, and late completions are discarded.
      for (int i = 10; i < 20; i++) {
        queue.submit(patient, buffer(BLOCK, i), BLOCK, (long) i * BLOCK, i);
        queue.await(1, LONG, this::completed);
      }
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
      // The event comes first, then the buffer.
      while ((test.events.all(Late.class).isEmpty() || late.isInUse()) && System.nanoTime() < end) {
        queue.await(1, Duration.ofMillis(10), this::completed);
        if (queue.inFlight() == 0) {
          queue.submit(patient, buffers.get(1), BLOCK, BLOCK, 1000 + results.size());
        }
      }
      assertEquals(false, test.events.only(Late.class).delivered());
      assertFalse(late.isInUse());
      queue.await(4, LONG, this::completed);
    }
    assertEquals(0, test.statistics().quarantinedBytes());
    assertEquals(1, test.statistics().lost());
    assertEquals(1, test.statistics().late());
  }

  @Test
  void aBufferOfTwoLostWritesIsQuarantinedOnce() throws Exception {
    restart("late:for=2s:offset=0-4k", "late:for=5s:offset=4k-8k");
    DirectFile file = test.openWritten("f", MIB, SHORT_DEADLINE);
    AlignedBuffer buffer = buffer(BLOCK, 1);
    try (WriteQueue queue = test.runtime.newQueue(4)) {
      queue.submit(file, buffer, BLOCK, 0, 1);
      queue.submit(file, buffer, BLOCK, BLOCK, 2);
      while (results.size() < 2) {
        queue.await(2, LONG, this::completed);
      }
    }
    assertEquals(Set.of((long) -Errno.ETIMEDOUT), Set.copyOf(results.values()));
    assertEquals(BLOCK, test.statistics().quarantinedBytes());
    test.events.await(Late.class, 1, Duration.ofSeconds(60));
    assertTrue(buffer.isInUse());
    assertEquals(BLOCK, test.statistics().quarantinedBytes(), "the other one is still out");
    test.events.await(Late.class, 2, Duration.ofSeconds(60));
    test.await("its end", now -> now.quarantinedBytes() == 0, Duration.ofSeconds(60));
  }

  @Test
  void lostWritesAreNotWaitedFor() throws Exception {
    restart("lose:offset=0-4k");
    DirectFile file = test.openWritten("f", MIB, SHORT_DEADLINE);
    DirectFile patient = test.open("f");
    test.loses();
    try (WriteQueue queue = test.runtime.newQueue(4)) {
      queue.submit(file, buffer(BLOCK, 1), BLOCK, 0, 1);
      assertEquals(1, queue.await(1, LONG, this::completed));
      queue.submit(patient, buffer(BLOCK, 2), BLOCK, BLOCK, 2);
      long before = System.nanoTime();
      assertEquals(1, queue.await(4, LONG.multipliedBy(2), this::completed));
      long millis = TestRuntime.millisSince(before);
      assertTrue(
          millis < LONG.toMillis(), "no more than are in flight are waited for: " + millis + " ms");
    }
    assertEquals(4096, results.get(2L));
  }

  /** More stuck ones than there are threads; closed, and then the device answers. */
  @Test
  void closedWithMoreStuckWritesThanSubmitterThreads() throws Exception {
    restart("submit-block:for=4s:offset=0-512k");
    DirectFile file = test.openWritten("f", MIB, SHORT_DEADLINE);
    int writes = 100;
    try (WriteQueue queue = test.runtime.newQueue(writes)) {
      for (int i = 0; i < writes; i++) {
        queue.submit(file, buffer(BLOCK, i), BLOCK, (long) i * BLOCK, i);
      }
      while (results.size() < writes) {
        queue.await(writes, LONG, this::completed);
      }
      assertEquals(List.of(), test.answeredLate(), "before the device answers");
    }
    assertEquals(Set.of((long) -Errno.ETIMEDOUT), Set.copyOf(results.values()));
    assertEquals((long) writes * BLOCK, test.statistics().quarantinedBytes());
    test.await("the quarantine's end", now -> now.quarantinedBytes() == 0, Duration.ofSeconds(60));
    assertTrue(buffers.stream().noneMatch(AlignedBuffer::isInUse));
    assertEquals(writes, test.statistics().lost());
    // Released before they had a thread, they are not written any more.
    assertArrayEquals(
        new byte[BLOCK],
        Arrays.copyOfRange(test.content("f"), (writes - 1) * BLOCK, writes * BLOCK));
  }

  /** The queue's thread is elsewhere: the watchdog reports. */
  @Test
  void aLostWriteIsReportedWithoutAWaitingThread() throws Exception {
    restart("late:for=900ms:count=1");
    DirectFile file = test.openWritten("f", MIB, SHORT_DEADLINE);
    try (WriteQueue queue = test.runtime.newQueue(4)) {
      queue.submit(file, buffer(BLOCK, 1), BLOCK, 0, 1);
      queue.flush();
      Lost lost = test.events.await(Lost.class, 1, Duration.ofSeconds(60)).get(0);
      assertTrue(lost.ageNanos() >= lost.deadlineNanos(), lost.toString());
      assertTrue(lost.ageNanos() < LONG.toNanos(), lost.toString());
      assertEquals(Map.of(), results, "before the queue's thread asks");
      assertEquals(1, queue.await(1, LONG, this::completed));
      assertEquals(Map.of(1L, (long) -Errno.ETIMEDOUT), results);
    }
    assertEquals(1, test.events.all(Lost.class).size());
  }

  /** Files with different deadlines on one queue: each deadline holds. */
  @Test
  void aShortDeadlineBehindALongOne() throws Exception {
    restart("late:for=4s");
    DirectFile patient = test.openWritten("f", MIB, FilePolicy.DEFAULT);
    DirectFile hasty = test.openWritten("g", MIB, SHORT_DEADLINE);
    try (WriteQueue queue = test.runtime.newQueue(4)) {
      queue.submit(patient, buffer(BLOCK, 1), BLOCK, 0, 1);
      long before = System.nanoTime();
      queue.submit(hasty, buffer(BLOCK, 2), BLOCK, 0, 2);
      assertEquals(1, queue.await(1, LONG, this::completed));
      long millis = TestRuntime.millisSince(before);
      assertEquals(Map.of(2L, (long) -Errno.ETIMEDOUT), results);
      assertTrue(millis >= 300, millis + " ms");
      assertEquals(1, queue.await(1, LONG, this::completed));
      assertEquals(4096, results.get(1L));
    }
    test.events.await(Late.class, 1, LONG);
  }

  @Test
  void reportedAndWaitedFor() throws Exception {
    restart("delay:for=900ms:count=1");
    DirectFile file = test.openWritten("f", MIB, SHORT_DEADLINE.withOnLost(OnLost.REPORT));
    try (WriteQueue queue = test.runtime.newQueue(4)) {
      queue.submit(file, buffer(BLOCK, 1), BLOCK, 0, 1);
      long cpuBefore = cpuMillis();
      assertEquals(1, queue.await(1, LONG, this::completed));
      long cpuMillis = cpuMillis() - cpuBefore;
      assertEquals(Map.of(1L, 4096L), results);
      assertEquals(true, test.events.only(Late.class).delivered());
      assertEquals(1, test.events.all(Lost.class).size());
      assertTrue(cpuMillis < 200, "it waits, and does not spin: " + cpuMillis + " ms of CPU");
    }
  }

  /** Returns the CPU time of this thread, in the user's clock ticks of 10 ms. */
  private static long cpuMillis() throws IOException {
    String stat = Files.readString(Path.of("/proc/thread-self/stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return 10 * (Long.parseLong(fields[11]) + Long.parseLong(fields[12]));
  }

  /** A queue that lost a completion can be closed: that waits for deadlines, not for ever. */
  @Test
  void closesWithALostWrite() throws Exception {
    restart("lose:count=1");
    test.loses();
    DirectFile file = test.openWritten("f", MIB, SHORT_DEADLINE);
    DirectFile patient = test.open("f");
    WriteQueue queue = test.runtime.newQueue(4);
    queue.submit(file, buffer(BLOCK, 1), BLOCK, 0, 1);
    queue.submit(patient, buffer(BLOCK, 1), BLOCK, BLOCK, 1);
    assertCloses(queue);
    assertEquals(1, test.statistics().lost());
  }

  @Test
  void closesWithALostWriteThatIsOnlyReported() throws Exception {
    restart("lose:count=1");
    test.loses();
    DirectFile file = test.openWritten("f", MIB, SHORT_DEADLINE.withOnLost(OnLost.REPORT));
    WriteQueue queue = test.runtime.newQueue(4);
    queue.submit(file, buffer(BLOCK, 1), BLOCK, 0, 1);
    assertCloses(queue);
  }

  private static void assertCloses(WriteQueue queue) throws Exception {
    CompletableFuture<Void> closed = new CompletableFuture<>();
    Thread closer =
        new Thread(
            () -> {
              queue.close();
              closed.complete(null);
            });
    closer.setDaemon(true);
    closer.start();
    closed.get(60, TimeUnit.SECONDS);
  }
}
