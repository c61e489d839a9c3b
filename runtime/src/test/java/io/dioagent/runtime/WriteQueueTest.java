package io.dioagent.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.runtime.RecordingEventSink.Failed;
import io.dioagent.runtime.RecordingEventSink.Late;
import io.dioagent.runtime.RecordingEventSink.Lost;
import io.dioagent.runtime.RecordingEventSink.WriteEnded;
import io.dioagent.runtime.api.Errno;
import io.dioagent.runtime.api.EventSink;
import io.dioagent.runtime.api.FilePolicy;
import io.dioagent.runtime.api.OnLost;
import io.dioagent.runtime.api.RuntimeOptions;
import io.dioagent.runtime.api.WriteHandler;
import io.dioagent.runtime.engine.AioContext;
import io.dioagent.runtime.engine.AioEngine;
import io.dioagent.runtime.engine.AioUnavailableException;
import io.dioagent.runtime.engine.Completions;
import io.dioagent.runtime.engine.Submissions;
import io.dioagent.runtime.linux.Linux;
import io.dioagent.runtime.testing.CProgram;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Asynchronous writes: each completed exactly once. */
@Tag("engine")
class WriteQueueTest {
  private static final int BLOCK = 4096;
  private static final int MIB = 1 << 20;
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final FilePolicy SHORT_DEADLINE =
      FilePolicy.DEFAULT.withDeadline(Duration.ofMillis(300));

  private TestRuntime test = new TestRuntime();
  private final List<AlignedBuffer> buffers = new ArrayList<>();

  /** Results by user data; a second completion of one fails the test at once. */
  private final Map<Long, Long> results = new TreeMap<>();

  private final Set<Long> requestIds = new HashSet<>();

  @AfterEach
  void close() {
    buffers.forEach(AlignedBuffer::close);
    test.close();
  }

  private void restart(String... faults) {
    test.close();
    test = TestRuntime.withFaults(faults);
  }

  private void completed(long userData, long result, long requestId) {
    Long before = results.put(userData, result);
    assertEquals(null, before, userData + " is completed twice: " + before + " and " + result);
    assertTrue(requestIds.add(requestId), "request id " + requestId);
  }

  private AlignedBuffer buffer(int lengthBytes, long seed) {
    AlignedBuffer buffer = test.runtime.allocate(lengthBytes);
    buffer.byteBuffer().put(0, TestRuntime.bytes(lengthBytes, seed));
    buffers.add(buffer);
    return buffer;
  }

  private void assertContent(byte[] expected, int offset) throws IOException {
    assertArrayEquals(
        expected, Arrays.copyOfRange(test.content("f"), offset, offset + expected.length));
  }

  @Test
  void eachIsCompletedOnceWithItsUserData() throws Exception {
    DirectFile file = test.openWritten("f", MIB, FilePolicy.DEFAULT);
    try (WriteQueue queue = test.runtime.newQueue(8)) {
      for (int i = 0; i < 8; i++) {
        queue.submit(file, buffer(BLOCK, i), BLOCK, (long) i * BLOCK, -i);
        assertEquals(i + 1, queue.inFlight());
      }
      assertEquals(8, queue.await(8, LONG, this::completed));
      assertEquals(0, queue.inFlight());
      assertEquals(0, queue.await(1, LONG, this::completed), "nothing in flight: no waiting");
    }
    for (int i = 0; i < 8; i++) {
      assertEquals(BLOCK, results.get((long) -i));
      assertContent(TestRuntime.bytes(BLOCK, i), i * BLOCK);
    }
    assertEquals(8, test.events.all(WriteEnded.class).size());
    assertEquals(8 * BLOCK, test.statistics().directBytes() + test.statistics().bufferedBytes());
    assertEquals(8, test.statistics().writes());
  }

  @Test
  void theDepthIsKept() throws Exception {
    DirectFile file = test.openWritten("f", MIB, FilePolicy.DEFAULT);
    AlignedBuffer buffer = buffer(BLOCK, 1);
    try (WriteQueue queue = test.runtime.newQueue(2)) {
      queue.submit(file, buffer, BLOCK, 0, 1);
      queue.submit(file, buffer, BLOCK, BLOCK, 2);
      IllegalStateException e =
          assertThrows(IllegalStateException.class, () -> queue.submit(file, buffer, BLOCK, 0, 3));
      assertEquals("all 2 writes of the queue are in flight", e.getMessage());
      assertTrue(buffer.isInUse());
      assertEquals(1, queue.await(1, LONG, this::completed) > 0 ? 1 : 0);
      queue.submit(file, buffer, BLOCK, 2 * BLOCK, 3);
      queue.await(3 - results.size(), LONG, this::completed);
      assertEquals(Map.of(1L, 4096L, 2L, 4096L, 3L, 4096L), results);
      assertFalse(buffer.isInUse());
    }
    for (int depth : new int[] {0, RuntimeOptions.MAX_QUEUE_DEPTH + 1}) {
      IllegalArgumentException e =
          assertThrows(IllegalArgumentException.class, () -> test.runtime.newQueue(depth));
      assertEquals("depth is " + depth + ", expected 1 to 256", e.getMessage());
    }
  }

  @Test
  void misalignedArgumentsAreRejectedWithActualAndExpected() throws Exception {
    DirectFile file = test.openWritten("f", MIB, FilePolicy.DEFAULT);
    AlignedBuffer buffer = buffer(2 * BLOCK, 1);
    try (WriteQueue queue = test.runtime.newQueue(2)) {
      for (int length : new int[] {0, -4096, 1, 4095, 4097, 3 * BLOCK}) {
        IllegalArgumentException e =
            assertThrows(
                IllegalArgumentException.class, () -> queue.submit(file, buffer, length, 0, 1));
        assertEquals(
            "lengthBytes is "
                + length
                + ", expected a multiple of 4096 up to the buffer's "
                + buffer.capacityBytes(),
            e.getMessage());
      }
      for (long position : new long[] {-4096, -1, 1, 512, 4095}) {
        IllegalArgumentException e =
            assertThrows(
                IllegalArgumentException.class,
                () -> queue.submit(file, buffer, BLOCK, position, 1));
        assertEquals("position is " + position + ", expected a multiple of 4096", e.getMessage());
      }
      assertEquals(0, queue.inFlight());
      assertFalse(buffer.isInUse());
      DirectFile closed = test.open("closed");
      closed.close();
      assertThrows(IOException.class, () -> queue.submit(closed, buffer, BLOCK, 0, 1));
      buffer.close();
      assertThrows(IllegalStateException.class, () -> queue.submit(file, buffer, BLOCK, 0, 1));
      assertEquals(0, queue.inFlight());
    }
  }

  /** A refused submission leaves nothing behind: the file can be closed, its descriptors go. */
  @Test
  void aRefusedSubmissionHoldsNothing() throws Exception {
    DirectFile file = test.openWritten("f", MIB, FilePolicy.DEFAULT);
    AlignedBuffer closed = buffer(BLOCK, 1);
    closed.close();
    TestRuntime.write(file, new byte[BLOCK], 0);
    try (WriteQueue queue = test.runtime.newQueue(2)) {
      assertThrows(IllegalStateException.class, () -> queue.submit(file, closed, BLOCK, 0, 1));
    }
    file.close();
    try (var all = Files.list(Path.of("/proc/self/fd"))) {
      assertEquals(
          0,
          all.filter(
                  link ->
                      test.path("f")
                          .toString()
                          .equals(
                              DirectRuntime.pathOf(
                                  Integer.parseInt(link.getFileName().toString()))))
              .count());
    }
  }

  /** A device whose completions stay out of reach while they are held. */
  private static AioEngine held(AioEngine engine, AtomicBoolean held) {
    return depth ->
        new WrappedContext(engine.open(depth)) {
          @Override
          public int reap(Completions batch, int min, long timeoutNanos) {
            if (held.get()) {
              LockSupport.parkNanos(timeoutNanos);
              return 0;
            }
            return super.reap(batch, min, timeoutNanos);
          }
        };
  }

  @Test
  void theTimeOutEndsTheWait() throws Exception {
    AtomicBoolean held = new AtomicBoolean();
    test.close();
    test = new TestRuntime(RuntimeOptions.DEFAULT, engine -> held(engine, held));
    DirectFile file =
        test.openWritten("f", MIB, FilePolicy.DEFAULT.withDeadline(Duration.ofMinutes(2)));
    try (WriteQueue queue = test.runtime.newQueue(2)) {
      held.set(true);
      queue.submit(file, buffer(BLOCK, 1), BLOCK, 0, 1);
      long before = System.nanoTime();
      assertEquals(0, queue.await(1, Duration.ofMillis(50), this::completed));
      long millis = TestRuntime.millisSince(before);
      assertTrue(millis >= 49 && millis < 60_000, millis + " ms");
      assertEquals(0, queue.await(1, Duration.ZERO, this::completed));
      held.set(false);
      assertEquals(1, queue.await(1, LONG, this::completed));
    }
    assertEquals(Map.of(1L, 4096L), results);
  }

  @Test
  void errorsComeBackAsResults() throws Exception {
    restart("eio:offset=4k-8k", "enospc:offset=8k-12k");
    DirectFile file = test.openWritten("f", MIB, FilePolicy.DEFAULT);
    try (WriteQueue queue = test.runtime.newQueue(4)) {
      for (int i = 0; i < 4; i++) {
        queue.submit(file, buffer(BLOCK, i), BLOCK, (long) i * BLOCK, i);
      }
      assertEquals(4, queue.await(4, LONG, this::completed));
    }
    assertEquals(Map.of(0L, 4096L, 1L, -5L, 2L, -28L, 3L, 4096L), results);
    assertEquals(2, test.events.all(Failed.class).size());
    assertEquals(2, test.statistics().errors());
  }

  @Test
  void shortResultsAreGoneOnWith() throws Exception {
    restart("short");
    DirectFile file = test.openWritten("f", 2 * MIB, FilePolicy.DEFAULT);
    try (WriteQueue queue = test.runtime.newQueue(2)) {
      queue.submit(file, buffer(MIB, 1), MIB, 0, 1);
      queue.submit(file, buffer(BLOCK, 2), BLOCK, MIB, 2);
      assertEquals(2, queue.await(2, LONG, this::completed));
    }
    assertEquals(Map.of(1L, (long) MIB, 2L, 4096L), results);
    assertContent(TestRuntime.bytes(MIB, 1), 0);
    assertContent(TestRuntime.bytes(BLOCK, 2), MIB);
  }

  @Test
  void duplicatesAreDropped() throws Exception {
    restart("duplicate");
    DirectFile file = test.openWritten("f", MIB, FilePolicy.DEFAULT);
    AlignedBuffer buffer = buffer(BLOCK, 1);
    try (WriteQueue queue = test.runtime.newQueue(8)) {
      for (int i = 0; i < 200; i++) {
        queue.submit(file, buffer, BLOCK, (i % 64) * 4096L, i);
        while (queue.inFlight() == 8) {
          queue.await(1, LONG, this::completed);
        }
      }
      while (queue.inFlight() > 0) {
        queue.await(queue.inFlight(), LONG, this::completed);
      }
    }
    assertEquals(200, results.size());
    assertEquals(Set.of((long) BLOCK), Set.copyOf(results.values()));
    test.await("200 duplicates", now -> now.duplicates() == 200, Duration.ofSeconds(60));
    assertEquals(0, test.statistics().unknown());
  }

  /** Writes that would wait inside io_submit are done by submitter threads. */
  @Test
  void extendingWrites() throws Exception {
    DirectFile file = test.open("f");
    int depth = 16;
    try (WriteQueue queue = test.runtime.newQueue(depth)) {
      for (int i = 0; i < depth; i++) {
        queue.submit(file, buffer(4 * BLOCK, i), 4 * BLOCK, 4L * i * BLOCK, i);
      }
      long before = System.nanoTime();
      queue.flush();
      assertTrue(TestRuntime.millisSince(before) < 60_000);
      assertEquals(depth, queue.await(depth, LONG, this::completed));
    }
    for (int i = 0; i < depth; i++) {
      assertEquals(4 * BLOCK, results.get((long) i));
      assertContent(TestRuntime.bytes(4 * BLOCK, i), 4 * i * BLOCK);
    }
    assertEquals(
        4L * BLOCK * depth, test.statistics().directBytes() + test.statistics().bufferedBytes());
  }

  /** Whoever wrote it, it is one write. */
  @Test
  void anExtendingWriteIsOneWrite() throws Exception {
    DirectFile file = test.open("f");
    try (WriteQueue queue = test.runtime.newQueue(1)) {
      queue.submit(file, buffer(BLOCK, 1), BLOCK, 0, 1);
      assertEquals(1, queue.await(1, LONG, this::completed));
    }
    assertEquals(1, test.events.all(WriteEnded.class).size(), "" + test.events.all());
    assertEquals(1, test.statistics().writes());
  }

  /** All the memory is in the queue's own buffers: they are what is written from. */
  @Test
  void anExtendingWriteNeedsNoMoreMemory() throws Exception {
    test.close();
    test = new TestRuntime(new RuntimeOptions(4, BLOCK, 4 * BLOCK));
    DirectFile file = test.open("f", SHORT_DEADLINE);
    try (WriteQueue queue = test.runtime.newQueue(4)) {
      for (int i = 0; i < 4; i++) {
        queue.submit(file, buffer(BLOCK, i), BLOCK, (long) i * BLOCK, i);
      }
      assertEquals(4, queue.await(4, LONG, this::completed));
    }
    assertEquals(Set.of((long) BLOCK), Set.copyOf(results.values()));
  }

  /** A write that a submitter thread is stuck with is lost once, and late once. */
  @Test
  void aStuckSubmission() throws Exception {
    restart("submit-block:for=3s:offset=0-4k:count=3");
    DirectFile file = test.openWritten("f", MIB, SHORT_DEADLINE);
    try (WriteQueue queue = test.runtime.newQueue(4)) {
      queue.submit(file, buffer(BLOCK, 1), BLOCK, 0, 1);
      queue.submit(file, buffer(BLOCK, 2), BLOCK, BLOCK, 2);
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

  /** A device that takes its time to say that it would have to wait. */
  private static AioEngine slowToRefuse(AioEngine engine) {
    return depth ->
        new WrappedContext(engine.open(depth)) {
          @Override
          public int submit(Submissions batch, int first, int count) {
            if (Thread.currentThread().getName().startsWith("dio-submitter")
                && batch.rwFlags(batch.slot(first)) != 0) {
              LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
            }
            return super.submit(batch, first, count);
          }
        };
  }

  /** More of them than there are submitter threads for the device: none waits for another. */
  @Test
  void moreExtendingWritesThanSubmitterThreads() throws Exception {
    test.close();
    test = new TestRuntime(RuntimeOptions.DEFAULT, WriteQueueTest::slowToRefuse);
    DirectFile file = test.open("f", FilePolicy.DEFAULT.withDeadline(Duration.ofSeconds(30)));
    int depth = RuntimeOptions.MAX_QUEUE_DEPTH;
    AlignedBuffer buffer = buffer(BLOCK, 1);
    try (WriteQueue queue = test.runtime.newQueue(depth)) {
      for (int i = 0; i < depth; i++) {
        queue.submit(file, buffer, BLOCK, (long) i * BLOCK, i);
      }
      assertEquals(depth, queue.await(depth, LONG, this::completed));
    }
    assertEquals(Set.of((long) BLOCK), Set.copyOf(results.values()));
    assertEquals(0, test.statistics().lost());
  }

  @Test
  void largeWritesAreSeveralPieces() throws Exception {
    DirectFile file = test.openWritten("f", 8 * MIB, FilePolicy.DEFAULT);
    try (WriteQueue queue = test.runtime.newQueue(8)) {
      for (int i = 0; i < 8; i++) {
        queue.submit(file, buffer(MIB, i), MIB, (long) i * MIB, i);
      }
      assertEquals(8, queue.await(8, LONG, this::completed));
    }
    for (int i = 0; i < 8; i++) {
      assertEquals(MIB, results.get((long) i));
      assertContent(TestRuntime.bytes(MIB, i), i * MIB);
    }
    for (WriteEnded told : test.events.all(WriteEnded.class)) {
      assertEquals(MIB, told.result(), told.toString());
    }
  }

  /** 4 KiB at random, 32 in flight, against a model; no two in flight on one block. */
  @Test
  void randomWritesAgainstModel() throws Exception {
    int blocks = 1024;
    int writes = 8000;
    int depth = 32;
    DirectFile file = test.openWritten("f", blocks * BLOCK, FilePolicy.DEFAULT);
    byte[] model = new byte[blocks * BLOCK];
    Random random = new Random(11);
    BitSet busy = new BitSet();
    ArrayDeque<AlignedBuffer> free = new ArrayDeque<>();
    AlignedBuffer[] used = new AlignedBuffer[writes];
    int[] blockOf = new int[writes];
    for (int i = 0; i < depth; i++) {
      free.add(buffer(BLOCK, i));
    }
    AtomicInteger done = new AtomicInteger();
    WriteHandler handler =
        (userData, result, requestId) -> {
          completed(userData, result, requestId);
          assertEquals(BLOCK, result);
          busy.clear(blockOf[(int) userData]);
          free.add(used[(int) userData]);
          done.incrementAndGet();
        };
    try (WriteQueue queue = test.runtime.newQueue(depth)) {
      for (int i = 0; i < writes; ) {
        while (i < writes && !free.isEmpty()) {
          int block = random.nextInt(blocks);
          if (busy.get(block)) {
            continue;
          }
          busy.set(block);
          blockOf[i] = block;
          used[i] = free.poll();
          byte[] bytes = TestRuntime.bytes(BLOCK, i);
          used[i].byteBuffer().put(0, bytes);
          System.arraycopy(bytes, 0, model, block * BLOCK, BLOCK);
          queue.submit(file, used[i], BLOCK, (long) block * BLOCK, i);
          i++;
        }
        queue.await(1, LONG, handler);
      }
      while (queue.inFlight() > 0) {
        queue.await(queue.inFlight(), LONG, handler);
      }
    }
    assertEquals(writes, done.get());
    assertEquals(writes, results.size());
    assertArrayEquals(model, test.content("f"));
    assertEquals(0, test.statistics().duplicates() + test.statistics().unknown());
  }

  // Deadlines.

  @Test
  void aLostWriteTimesOutAndItsBufferStaysInUse() throws Exception {
    restart("late:for=3s:offset=0-4k");
    DirectFile file = test.openWritten("f", MIB, SHORT_DEADLINE);
    AlignedBuffer late = buffer(BLOCK, 1);
    try (WriteQueue queue = test.runtime.newQueue(4)) {
      queue.submit(file, late, BLOCK, 0, 1);
      queue.submit(file, buffer(BLOCK, 2), BLOCK, BLOCK, 2);
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
      // The queue goes on, and what comes late is delivered to nobody.
      for (int i = 10; i < 20; i++) {
        queue.submit(file, buffer(BLOCK, i), BLOCK, (long) i * BLOCK, i);
        queue.await(1, LONG, this::completed);
      }
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
      while (test.events.all(Late.class).isEmpty() && System.nanoTime() < end) {
        queue.await(1, Duration.ofMillis(10), this::completed);
        if (queue.inFlight() == 0) {
          queue.submit(file, buffers.get(1), BLOCK, BLOCK, 1000 + results.size());
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
  void whatIsLostIsNotWaitedFor() throws Exception {
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

  /** The queue's thread is elsewhere: the watchdog tells. */
  @Test
  void aLostWriteIsToldEvenIfNobodyWaits() throws Exception {
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

  /** What this thread has used, in the user's clock ticks of 10 ms. */
  private static long cpuMillis() throws IOException {
    String stat = Files.readString(Path.of("/proc/thread-self/stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return 10 * (Long.parseLong(fields[11]) + Long.parseLong(fields[12]));
  }

  /** A queue that was lost a completion can be closed: that waits for deadlines, not for ever. */
  @Test
  void closesWithALostWrite() throws Exception {
    restart("lose:count=1");
    test.loses();
    DirectFile file = test.openWritten("f", MIB, SHORT_DEADLINE);
    WriteQueue queue = test.runtime.newQueue(4);
    queue.submit(file, buffer(BLOCK, 1), BLOCK, 0, 1);
    queue.submit(file, buffer(BLOCK, 1), BLOCK, BLOCK, 1);
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

  // Its end.

  @Test
  void closingWaitsForWhatIsInFlight() throws Exception {
    restart("delay:for=200ms");
    DirectFile file = test.openWritten("f", MIB, FilePolicy.DEFAULT);
    WriteQueue queue = test.runtime.newQueue(4);
    long before = System.nanoTime();
    for (int i = 0; i < 4; i++) {
      queue.submit(file, buffer(BLOCK, i), BLOCK, (long) i * BLOCK, i);
    }
    queue.close();
    assertTrue(TestRuntime.millisSince(before) >= 200);
    for (int i = 0; i < 4; i++) {
      assertContent(TestRuntime.bytes(BLOCK, i), i * BLOCK);
      assertFalse(buffers.get(i).isInUse());
    }
    assertEquals(4, test.events.all(WriteEnded.class).size());
    queue.close();
  }

  @Test
  void aClosedQueueRefuses() throws Exception {
    DirectFile file = test.openWritten("f", MIB, FilePolicy.DEFAULT);
    AlignedBuffer buffer = buffer(BLOCK, 1);
    WriteQueue queue = test.runtime.newQueue(1);
    queue.close();
    assertThrows(IllegalStateException.class, () -> queue.submit(file, buffer, BLOCK, 0, 1));
    assertFalse(buffer.isInUse());
    assertEquals(0, queue.await(1, Duration.ofMillis(10), this::completed));
  }

  /** Counts contexts. */
  private static final class CountingEngine implements AioEngine {
    private final AioEngine engine;
    private final AtomicInteger open;

    CountingEngine(AioEngine engine, AtomicInteger open) {
      this.engine = engine;
      this.open = open;
    }

    @Override
    public AioContext open(int depth) throws AioUnavailableException {
      AioContext context = engine.open(depth);
      open.incrementAndGet();
      return new WrappedContext(context) {
        @Override
        public void close() {
          super.close();
          open.decrementAndGet();
        }
      };
    }
  }

  private static void awaitNone(AtomicInteger open) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (open.get() > 0 && System.nanoTime() < end) {
      Thread.sleep(5);
    }
    assertEquals(0, open.get(), "contexts that are still open");
  }

  @Test
  void contextsAreGivenBack() throws Exception {
    test.close();
    AtomicInteger open = new AtomicInteger();
    test = new TestRuntime(RuntimeOptions.DEFAULT, engine -> new CountingEngine(engine, open));
    for (int i = 0; i < 10; i++) {
      DirectFile file = test.openWritten("f" + i, MIB, FilePolicy.DEFAULT);
      try (WriteQueue queue = test.runtime.newQueue(4)) {
        queue.submit(file, buffer(BLOCK, i), BLOCK, 0, i);
        queue.await(1, LONG, this::completed);
      }
    }
    awaitNone(open);
  }

  /** As by two nested try-with-resources. */
  @Test
  void contextsAreGivenBackWhenTheRuntimeIsClosedRightAfter() throws Exception {
    AtomicInteger open = new AtomicInteger();
    for (int i = 0; i < 10; i++) {
      try (DirectRuntime runtime =
          DirectRuntime.start(
              RuntimeOptions.DEFAULT,
              EventSink.none(),
              new CountingEngine(TestRuntime.engine(), open))) {
        runtime.newQueue(4).close();
      }
    }
    awaitNone(open);
  }

  /** A handler that throws loses its own completion only. */
  @Test
  void aHandlerThatThrows() throws Exception {
    DirectFile file = test.openWritten("f", MIB, FilePolicy.DEFAULT);
    try (WriteQueue queue = test.runtime.newQueue(4)) {
      for (int i = 0; i < 4; i++) {
        queue.submit(file, buffer(BLOCK, i), BLOCK, (long) i * BLOCK, i);
      }
      int failures = 0;
      for (int i = 0; i < 8 && results.size() < 4; i++) {
        try {
          queue.await(
              4 - results.size(),
              LONG,
              (userData, result, requestId) -> {
                completed(userData, result, requestId);
                throw new IllegalStateException("as wanted");
              });
        } catch (IllegalStateException e) {
          failures++;
        }
      }
      assertEquals(4, failures);
      assertEquals(Set.of(0L, 1L, 2L, 3L), results.keySet());
    }
  }

  /** Submitted from other threads, one after the other: queues of several threads do not meet. */
  @Test
  void queuesSideBySide() throws Exception {
    int threads = 4;
    CompletableFuture<?>[] all = new CompletableFuture<?>[threads];
    for (int t = 0; t < threads; t++) {
      int number = t;
      CompletableFuture<Void> one = new CompletableFuture<>();
      all[t] = one;
      DirectFile file = test.openWritten("f" + t, MIB, FilePolicy.DEFAULT);
      new Thread(
              () -> {
                try (WriteQueue queue = test.runtime.newQueue(8);
                    AlignedBuffer buffer = test.runtime.allocate(BLOCK)) {
                  buffer.byteBuffer().put(0, TestRuntime.bytes(BLOCK, number));
                  int done = 0;
                  for (int i = 0; i < 1000; i++) {
                    while (queue.inFlight() == 8) {
                      done +=
                          queue.await(1, LONG, (data, result, id) -> assertEquals(BLOCK, result));
                    }
                    queue.submit(file, buffer, BLOCK, (i % 256) * 4096L, i);
                  }
                  while (queue.inFlight() > 0) {
                    done += queue.await(1, LONG, (data, result, id) -> assertEquals(BLOCK, result));
                  }
                  assertEquals(1000, done);
                  one.complete(null);
                } catch (IOException | RuntimeException | AssertionError e) {
                  one.completeExceptionally(e);
                }
              })
          .start();
    }
    CompletableFuture.allOf(all).get(60, TimeUnit.SECONDS);
    for (int t = 0; t < threads; t++) {
      byte[] block = TestRuntime.bytes(BLOCK, t);
      ByteBuffer content = ByteBuffer.wrap(test.content("f" + t));
      byte[] read = new byte[BLOCK];
      while (content.hasRemaining()) {
        content.get(read);
        assertArrayEquals(block, read);
      }
    }
  }

  /** As a synchronous write's caller, the queue's thread writes by the given descriptor then. */
  @Test
  @Tag("host")
  void withoutAnotherDescriptorTheQueuesThreadWrites() throws Exception {
    int taken = 0;
    while (taken < 10_000_000 && test.runtime.context().descriptorBudget().tryTake()) {
      taken++;
    }
    CProgram.skipUnless(taken < 10_000_000, "this process may have any number of descriptors");
    test.scratch.written("f", MIB);
    DirectFile file = test.adopt(test.descriptor(test.path("f"), Linux.O_RDWR), FilePolicy.DEFAULT);
    try (WriteQueue queue = test.runtime.newQueue(8)) {
      for (int i = 0; i < 8; i++) {
        queue.submit(file, buffer(BLOCK, i), BLOCK, (long) i * BLOCK, i);
      }
      while (queue.inFlight() > 0) {
        queue.await(8, LONG, this::completed);
      }
    }
    for (int i = 0; i < 8; i++) {
      assertEquals(BLOCK, results.get((long) i));
      assertContent(TestRuntime.bytes(BLOCK, i), i * BLOCK);
    }
    assertEquals(8 * BLOCK, test.statistics().bufferedBytes());
  }
}
