package io.dioagent.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.runtime.RecordingEventSink.Failed;
import io.dioagent.runtime.RecordingEventSink.WriteEnded;
import io.dioagent.runtime.api.FilePolicy;
import io.dioagent.runtime.api.RuntimeOptions;
import io.dioagent.runtime.api.WriteHandler;
import io.dioagent.runtime.engine.AioEngine;
import io.dioagent.runtime.engine.Submissions;
import io.dioagent.runtime.linux.Linux;
import io.dioagent.runtime.testing.CProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Asynchronous writes complete exactly once. */
@Tag("engine")
class WriteQueueTest extends WriteQueueTestBase {
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

  /**
   * A refused submission leaves nothing behind: the file can be closed, and its descriptors are.
   */
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

  /** It is one write, by whichever thread. */
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

  /** The queue's buffers hold all the memory: writes use them without a copy. */
  @Test
  void anExtendingWriteNeedsNoMoreMemory() throws Exception {
    test.close();
    test = new TestRuntime(new RuntimeOptions(4, BLOCK, 4 * BLOCK));
    // Past it, a write that waits for memory fails.
    DirectFile file = test.open("f", FilePolicy.DEFAULT.withDeadline(Duration.ofSeconds(5)));
    try (WriteQueue queue = test.runtime.newQueue(4)) {
      for (int i = 0; i < 4; i++) {
        queue.submit(file, buffer(BLOCK, i), BLOCK, (long) i * BLOCK, i);
      }
      assertEquals(4, queue.await(4, LONG, this::completed));
    }
    assertEquals(Set.of((long) BLOCK), Set.copyOf(results.values()));
  }

  /** A device that is slow to report that it would have to wait. */
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
    for (WriteEnded reported : test.events.all(WriteEnded.class)) {
      assertEquals(MIB, reported.result(), reported.toString());
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

  /**
   * The queue's thread then writes by the given descriptor, as a synchronous write's caller does.
   */
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
