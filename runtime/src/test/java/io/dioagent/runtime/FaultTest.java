package io.dioagent.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.runtime.RecordingEventSink.Collision;
import io.dioagent.runtime.RecordingEventSink.Duplicate;
import io.dioagent.runtime.RecordingEventSink.Failed;
import io.dioagent.runtime.RecordingEventSink.Fallback;
import io.dioagent.runtime.RecordingEventSink.Injected;
import io.dioagent.runtime.RecordingEventSink.Late;
import io.dioagent.runtime.RecordingEventSink.Lost;
import io.dioagent.runtime.RecordingEventSink.Stall;
import io.dioagent.runtime.RecordingEventSink.Unknown;
import io.dioagent.runtime.RecordingEventSink.WriteEnded;
import io.dioagent.runtime.api.DirectIoException;
import io.dioagent.runtime.api.Errno;
import io.dioagent.runtime.api.EventSink;
import io.dioagent.runtime.api.FilePolicy;
import io.dioagent.runtime.api.OnCollision;
import io.dioagent.runtime.api.OnLost;
import io.dioagent.runtime.api.RuntimeOptions;
import io.dioagent.runtime.api.Statistics;
import io.dioagent.runtime.engine.AioContext;
import io.dioagent.runtime.engine.AioEngine;
import io.dioagent.runtime.engine.Completions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a caller sees, and what is told, when the device or the ring misbehaves. */
@Tag("engine")
class FaultTest {
  private static final int MIB = 1 << 20;
  private static final long DEADLINE_MILLIS = 300;

  /** That a caller is released is in its error; more than this is a hang. */
  private static final long GRACE_MILLIS = 60_000;

  private static final FilePolicy SHORT_DEADLINE =
      FilePolicy.DEFAULT.withDeadline(Duration.ofMillis(DEADLINE_MILLIS));

  private TestRuntime test;

  @AfterEach
  void close() {
    test.close();
  }

  private DirectFile start(FilePolicy policy, String... rules) throws IOException {
    test = TestRuntime.withFaults(rules);
    return test.openWritten("f", 2 * MIB, policy);
  }

  private static byte[] block(int seed) {
    return TestRuntime.bytes(4096, seed);
  }

  private void assertContent(byte[] expected, int offset) throws IOException {
    assertArrayEquals(
        expected, Arrays.copyOfRange(test.content("f"), offset, offset + expected.length));
  }

  // The device says so.

  @Test
  void eio() throws Exception {
    DirectFile file = start(FilePolicy.DEFAULT, "eio:offset=8k-12k:count=1");
    IOException e = assertThrows(IOException.class, () -> TestRuntime.write(file, block(1), 8192));
    assertEquals("Input/output error", e.getMessage());
    DirectIoException details = assertInstanceOf(DirectIoException.class, e.getCause());
    assertEquals(5, details.errno());
    assertEquals(
        "write of 4096 bytes at 8192 of " + test.path("f") + " ended with EIO",
        details.getMessage());
    assertEquals(4096, TestRuntime.write(file, block(2), 8192), "the next write is fine");
    assertContent(block(2), 8192);
    Failed failed = test.events.only(Failed.class);
    assertEquals(-5, failed.result());
    assertEquals(8192, failed.request().offset());
    Injected injected = test.events.only(Injected.class);
    assertEquals("eio:offset=8k-12k:count=1", injected.fault());
    assertEquals(1, test.statistics().errors());
    assertEquals(2, test.statistics().writes());
    assertEquals(-5, test.events.all(WriteEnded.class).get(0).result());
  }

  /** An error wins over the bytes before it (000). */
  @Test
  void eioInTheMiddle() throws Exception {
    DirectFile file = start(FilePolicy.DEFAULT, "eio:offset=512k-513k:count=1");
    IOException e =
        assertThrows(
            IOException.class, () -> TestRuntime.write(file, TestRuntime.bytes(MIB, 1), 0));
    assertEquals("Input/output error", e.getMessage());
    assertEquals("786432 of 1048576 written", test.events.only(Failed.class).reason());
    assertEquals(MIB, TestRuntime.write(file, TestRuntime.bytes(MIB, 2), 0));
    assertContent(TestRuntime.bytes(MIB, 2), 0);
  }

  /** Writes through the page cache fail as direct ones do. */
  @Test
  void eioOfABufferedWrite() throws Exception {
    DirectFile file = start(FilePolicy.DEFAULT, "eio:offset=8k-12k:count=1");
    IOException e =
        assertThrows(IOException.class, () -> TestRuntime.write(file, new byte[100], 8200));
    assertEquals("Input/output error", e.getMessage());
    assertEquals(100, TestRuntime.write(file, TestRuntime.bytes(100, 2), 8200));
    assertContent(TestRuntime.bytes(100, 2), 8200);
    Injected injected = test.events.only(Injected.class);
    assertEquals(8200, injected.request().offset());
    assertEquals(
        test.events.only(Failed.class).request().requestId(), injected.request().requestId());
  }

  @Test
  void aShortBufferedWriteIsGoneOnWith() throws Exception {
    DirectFile file = start(FilePolicy.DEFAULT, "short:count=3");
    byte[] bytes = TestRuntime.bytes(1000, 3);
    assertEquals(1000, TestRuntime.write(file, bytes, 100));
    assertContent(bytes, 100);
    assertEquals(3, test.events.all(Injected.class).size());
  }

  @Test
  void aBufferedWriteThatNeverReturnsIsLost() throws Exception {
    DirectFile file = start(SHORT_DEADLINE, "lose:count=1");
    test.loses();
    long start = System.nanoTime();
    IOException e =
        assertThrows(DirectIoException.class, () -> TestRuntime.write(file, new byte[100], 100));
    assertTrue(TestRuntime.millisSince(start) < DEADLINE_MILLIS + GRACE_MILLIS);
    assertTrue(e.getMessage().contains("waiting for a buffered write"), e.getMessage());
    assertEquals(100, TestRuntime.write(test.open("f"), new byte[100], 100));
  }

  /** The toggle of patch 002: the cache kept a page, and each policy says what comes of it. */
  @ParameterizedTest
  @EnumSource(OnCollision.class)
  void invalidateEio(OnCollision policy) throws Exception {
    DirectFile file = start(FilePolicy.DEFAULT.withOnCollision(policy), "invalidate-eio:count=1");
    byte[] bytes = TestRuntime.bytes(65536, 3);
    if (policy == OnCollision.FAIL) {
      IOException e = assertThrows(IOException.class, () -> TestRuntime.write(file, bytes, 0));
      assertEquals("Input/output error", e.getMessage());
    } else {
      assertEquals(65536, TestRuntime.write(file, bytes, 0));
    }
    assertContent(bytes, 0);
    Collision told = test.events.only(Collision.class);
    assertEquals(policy, told.policy());
    assertEquals(65536, told.part().lengthBytes());
    assertEquals(Thread.currentThread(), told.submitter());
    assertEquals(1, test.events.all(Injected.class).size());
    // With RWF_NOWAIT the kernel says EAGAIN to a range that is cached.
    int written = (policy == OnCollision.LAUNDER ? 2 : 1) + (TestRuntime.callersSubmit() ? 1 : 0);
    assertEquals(written, test.events.only(WriteEnded.class).ios());
  }

  @Test
  void invalidateEioOfAQueuedWrite() throws Exception {
    DirectFile file =
        start(FilePolicy.DEFAULT.withOnCollision(OnCollision.FAIL), "invalidate-eio:count=1");
    List<Long> results = new ArrayList<>();
    try (WriteQueue queue = test.runtime.newQueue(4);
        AlignedBuffer buffer = test.runtime.allocate(4096)) {
      for (int i = 0; i < 4; i++) {
        queue.submit(file, buffer, 4096, i * 4096L, i);
      }
      while (queue.inFlight() > 0) {
        queue.await(1, Duration.ofSeconds(5), (data, result, id) -> results.add(result));
      }
    }
    Collections.sort(results);
    assertEquals(List.of(-5L, 4096L, 4096L, 4096L), results);
  }

  /**
   * Its pieces are written side by side: those behind a short one are in the file, but not told.
   */
  @Test
  void aQueuedWriteIsAsLongAsItsFirstShortPieceLetsItBe() throws Exception {
    String where = ":offset=512k-768k";
    DirectFile file =
        start(
            FilePolicy.DEFAULT,
            "submit-block:for=1ms" + where,
            "short:count=1" + where,
            "enospc:count=1" + where);
    byte[] bytes = TestRuntime.bytes(MIB, 5);
    List<Long> results = new ArrayList<>();
    try (WriteQueue queue = test.runtime.newQueue(4);
        AlignedBuffer buffer = test.runtime.allocate(MIB)) {
      buffer.byteBuffer().duplicate().clear().put(bytes);
      queue.submit(file, buffer, MIB, 0, 1);
      while (queue.inFlight() > 0) {
        queue.await(1, Duration.ofSeconds(5), (data, result, id) -> results.add(result));
      }
    }
    assertEquals(List.of(655_360L), results, "512 KiB, and half of the third quarter");
    assertContent(Arrays.copyOf(bytes, 655_360), 0);
  }

  /** A full disk is a limit: the progress first, the error when there is none (001). */
  @Test
  void enospcAfterProgress() throws Exception {
    DirectFile file = start(FilePolicy.DEFAULT, "enospc:offset=512k-2m");
    byte[] bytes = TestRuntime.bytes(MIB, 1);
    assertEquals(524_288, TestRuntime.write(file, bytes, 0));
    assertContent(Arrays.copyOf(bytes, 524_288), 0);
    IOException e =
        assertThrows(IOException.class, () -> TestRuntime.write(file, block(1), 524_288));
    assertEquals("No space left on device", e.getMessage());
    assertEquals(28, ((DirectIoException) e.getCause()).errno());
    assertEquals(4096, TestRuntime.write(file, block(3), 0));
  }

  @Test
  void enospcAtOnce() throws Exception {
    DirectFile file = start(FilePolicy.DEFAULT, "enospc");
    IOException e = assertThrows(IOException.class, () -> TestRuntime.write(file, block(1), 0));
    assertEquals("No space left on device", e.getMessage());
  }

  /** res < len is a normal state: the rest is issued again, and all is written. */
  @Test
  void shortResults() throws Exception {
    DirectFile file = start(FilePolicy.DEFAULT, "short");
    byte[] bytes = TestRuntime.bytes(MIB, 1);
    assertEquals(MIB, TestRuntime.write(file, bytes, 0));
    assertContent(bytes, 0);
    WriteEnded told = test.events.only(WriteEnded.class);
    assertEquals(MIB, told.directBytes() + told.bufferedBytes());
    assertTrue(told.ios() > 8, "256 KiB, halved again and again: " + told.ios());
    assertTrue(told.bufferedBytes() > 0 && told.bufferedBytes() < 4 * 4096, "" + told);
    for (Fallback fallback : test.events.all(Fallback.class)) {
      assertEquals("rest of a short direct write", fallback.reason());
    }
  }

  @Test
  void oneShortResultIsGoneOnWithDirectly() throws Exception {
    DirectFile file = start(FilePolicy.DEFAULT.withFallbackAllowed(false), "short:count=1");
    byte[] bytes = TestRuntime.bytes(65536, 1);
    assertEquals(65536, TestRuntime.write(file, bytes, 4096));
    assertContent(bytes, 4096);
    assertEquals(65536, test.statistics().directBytes());
    assertEquals(2, test.events.only(WriteEnded.class).ios());
  }

  @Test
  void aDelayIsWaitedFor() throws Exception {
    DirectFile file = start(FilePolicy.DEFAULT, "delay:for=150ms:count=1");
    long before = System.nanoTime();
    assertEquals(4096, TestRuntime.write(file, block(1), 0));
    assertTrue(TestRuntime.millisSince(before) >= 150);
    assertEquals(0, test.statistics().lost());
    assertContent(block(1), 0);
  }

  // Nobody says so.

  private DirectIoException assertLost(DirectFile file, byte[] bytes, long offset) {
    long before = System.nanoTime();
    DirectIoException e =
        assertThrows(DirectIoException.class, () -> TestRuntime.write(file, bytes, offset));
    long took = TestRuntime.millisSince(before);
    assertTrue(
        took >= DEADLINE_MILLIS && took <= DEADLINE_MILLIS + GRACE_MILLIS, "took " + took + " ms");
    assertEquals(Errno.ETIMEDOUT, e.errno());
    String message = e.getMessage();
    String named = "write of " + bytes.length + " bytes at " + offset + " of " + test.path("f");
    assertTrue(message.startsWith(named + " has not ended after "), message);
    assertTrue(message.contains(" ms, deadline " + DEADLINE_MILLIS + " ms: "), message);
    int ageAt = message.indexOf("after ") + 6;
    long age = Long.parseLong(message.substring(ageAt, message.indexOf(' ', ageAt)));
    assertTrue(age >= DEADLINE_MILLIS && age <= took, message);
    return e;
  }

  @Test
  void aLostCompletion() throws Exception {
    DirectFile file = start(SHORT_DEADLINE, "lose:offset=0-4k:count=1");
    test.loses();
    DirectIoException e = assertLost(file, block(1), 0);
    assertTrue(e.getMessage().endsWith("waiting for the completion and counts as lost"), "" + e);
    Lost told = test.events.only(Lost.class);
    assertEquals(0, told.request().offset());
    assertEquals(4096, told.request().lengthBytes());
    assertEquals(TimeUnit.MILLISECONDS.toNanos(DEADLINE_MILLIS), told.deadlineNanos());
    assertTrue(told.ageNanos() >= told.deadlineNanos());
    assertEquals(Thread.currentThread().getName(), told.submitter());
    assertTrue(told.submitterStack().contains("FaultTest"), told.submitterStack());
    Statistics now = test.statistics();
    assertEquals(1, now.lost());
    assertEquals(4096, now.quarantinedBytes());
    assertEquals(4096, now.bufferBytes());
    assertEquals(1, now.inFlight());
    assertEquals(0, now.errors(), "no one knows of an error");
    // Other writes go on, on the same range and with memory of their own.
    DirectFile patient = test.open("f");
    for (int i = 0; i < 20; i++) {
      assertEquals(4096, TestRuntime.write(patient, block(i), 0));
      assertContent(block(i), 0);
      assertEquals(MIB, TestRuntime.write(patient, TestRuntime.bytes(MIB, i), 4096));
    }
    assertEquals(4096, test.statistics().quarantinedBytes());
    assertEquals(1, test.events.all(Lost.class).size());
    assertEquals(List.of(), test.events.all(Late.class));
  }

  @Test
  void oneLostAmongMany() throws Exception {
    DirectFile file = start(SHORT_DEADLINE, "lose:offset=512k-513k:count=1");
    test.loses();
    assertLost(file, TestRuntime.bytes(MIB, 1), 0);
    assertEquals(MIB, test.statistics().quarantinedBytes(), "the request keeps all it has");
    assertEquals(MIB, TestRuntime.write(test.open("f"), TestRuntime.bytes(MIB, 2), MIB));
  }

  @Test
  void aLateCompletionGoesToNobody() throws Exception {
    DirectFile file = start(SHORT_DEADLINE, "late:for=3s:count=1");
    assertLost(file, block(1), 0);
    assertEquals(4096, test.statistics().quarantinedBytes());
    assertEquals(4096, TestRuntime.write(test.open("f"), block(2), 4096));
    Late late = test.events.await(Late.class, 1, Duration.ofSeconds(60)).get(0);
    assertEquals(false, late.delivered());
    assertEquals(4096, late.result());
    assertTrue(late.ageNanos() >= TimeUnit.MILLISECONDS.toNanos(2900), "" + late);
    assertEquals(test.events.only(Lost.class).request(), late.request());
    test.awaitSettled();
    assertEquals(1, test.statistics().late());
    assertEquals(1, test.statistics().lost());
    assertEquals(0, test.statistics().duplicates() + test.statistics().unknown());
    assertEquals(2, test.events.all(WriteEnded.class).size(), "the lost one is not told again");
  }

  /** Late ones, many at once: everything comes back. */
  @Test
  void manyLateCompletions() throws Exception {
    DirectFile file = start(SHORT_DEADLINE, "late:for=600ms:rate=0.5:seed=3");
    List<CompletableFuture<Boolean>> all = new ArrayList<>();
    for (int t = 0; t < 16; t++) {
      int number = t;
      CompletableFuture<Boolean> one = new CompletableFuture<>();
      all.add(one);
      new Thread(
              () -> {
                try {
                  TestRuntime.write(file, TestRuntime.bytes(65536, number), number * 65536L);
                  one.complete(true);
                } catch (DirectIoException e) {
                  one.complete(false);
                } catch (IOException | RuntimeException e) {
                  one.completeExceptionally(e);
                }
              })
          .start();
    }
    int lost = 0;
    for (CompletableFuture<Boolean> one : all) {
      lost += one.get(60, TimeUnit.SECONDS) ? 0 : 1;
    }
    assertTrue(lost > 0 && lost < 16, lost + " lost");
    test.events.await(Late.class, lost, Duration.ofSeconds(60));
    test.awaitSettled();
    assertEquals(lost, test.statistics().lost());
    assertEquals(lost, test.statistics().late());
  }

  /** With on-lost=report the caller waits, and gets its result. */
  @Test
  void reportedAndWaitedFor() throws Exception {
    FilePolicy report =
        FilePolicy.DEFAULT.withDeadline(Duration.ofMillis(100)).withOnLost(OnLost.REPORT);
    DirectFile file = start(report, "delay:for=3s:count=1");
    CompletableFuture<Long> write = new CompletableFuture<>();
    long before = System.nanoTime();
    new Thread(
            () -> {
              try {
                write.complete(TestRuntime.write(file, block(1), 0));
              } catch (IOException | RuntimeException e) {
                write.completeExceptionally(e);
              }
            })
        .start();
    test.events.await(Lost.class, 1, Duration.ofSeconds(60));
    assertFalse(write.isDone(), "reported while it hangs");
    assertEquals(4096, write.get(60, TimeUnit.SECONDS));
    assertTrue(TestRuntime.millisSince(before) >= 3000);
    Lost lost = test.events.only(Lost.class);
    Late late = test.events.only(Late.class);
    assertEquals(true, late.delivered());
    assertEquals(4096, late.result());
    assertEquals(lost.request(), late.request());
    assertEquals(0, test.statistics().quarantinedBytes());
    assertEquals(0, test.statistics().errors());
  }

  /** The same, where a submitter thread is the one that is stuck. */
  @Test
  void reportedAndWaitedForBehindASubmitter() throws Exception {
    FilePolicy report =
        FilePolicy.DEFAULT.withDeadline(Duration.ofMillis(100)).withOnLost(OnLost.REPORT);
    DirectFile file = start(report, "submit-block:for=500ms:count=1");
    assertEquals(4096, TestRuntime.write(file, block(1), 0));
    assertEquals(true, test.events.only(Late.class).delivered());
    assertEquals(1, test.events.all(Lost.class).size());
    assertContent(block(1), 0);
  }

  // The kernel says it twice, or what it was never asked.

  @Test
  void duplicates() throws Exception {
    DirectFile file = start(FilePolicy.DEFAULT, "duplicate:offset=0-4k");
    for (int i = 0; i < 10; i++) {
      assertEquals(4096, TestRuntime.write(file, block(i), 0));
      assertContent(block(i), 0);
    }
    assertEquals(4096, TestRuntime.write(file, block(1), 4096));
    assertEquals(10, test.statistics().duplicates());
    List<Duplicate> told = test.events.all(Duplicate.class);
    assertEquals(10, told.size());
    assertEquals(0, told.get(0).request().offset());
    assertEquals(test.path("f").toString(), told.get(0).request().path());
    assertEquals(4096, told.get(0).result());
    assertEquals(11, test.events.all(WriteEnded.class).size());
    assertEquals(0, test.statistics().unknown());
  }

  @Test
  void unknownIds() throws Exception {
    AtomicBoolean lie = new AtomicBoolean(true);
    test =
        new TestRuntime(
            RuntimeOptions.DEFAULT,
            engine -> new LyingEngine(engine, lie, new long[] {0x7777000000000100L, 0}));
    DirectFile file = test.openWritten("f", MIB, FilePolicy.DEFAULT);
    assertEquals(4096, TestRuntime.write(file, block(1), 0));
    assertContent(block(1), 0);
    List<Unknown> told = test.events.all(Unknown.class);
    assertEquals(List.of(new Unknown(0x7777000000000100L, 4096), new Unknown(0, 4096)), told);
    assertEquals(2, test.statistics().unknown());
    assertEquals(0, test.statistics().duplicates());
    assertEquals(4096, TestRuntime.write(file, block(2), 0));
    assertEquals(2, test.statistics().unknown());
  }

  /** Adds completions for ids of its own to the next batch. */
  private static final class LyingEngine implements AioEngine {
    private final AioEngine engine;
    private final AtomicBoolean lie;
    private final long[] ids;

    LyingEngine(AioEngine engine, AtomicBoolean lie, long[] ids) {
      this.engine = engine;
      this.lie = lie;
      this.ids = ids;
    }

    @Override
    public AioContext open(int depth) throws io.dioagent.runtime.engine.AioUnavailableException {
      return new WrappedContext(engine.open(depth)) {
        @Override
        public int reap(Completions batch, int min, long timeoutNanos) {
          int came = super.reap(batch, min, timeoutNanos);
          if (came > 0 && lie.getAndSet(false)) {
            for (long id : ids) {
              batch.set(came++, id, 4096);
            }
          }
          return came;
        }
      };
    }
  }

  // The ring is full, or io_submit does not come back.

  @Test
  void aFullRingForAWhile() throws Exception {
    DirectFile file = start(FilePolicy.DEFAULT.withFallbackAllowed(false), "submit-eagain:count=5");
    assertEquals(4096, TestRuntime.write(file, block(1), 0));
    assertContent(block(1), 0);
    assertEquals(5, test.events.all(Injected.class).size());
    assertEquals(4096, test.statistics().directBytes());
  }

  @Test
  void aFullRingForEver() throws Exception {
    DirectFile file = start(FilePolicy.DEFAULT, "submit-eagain:offset=0-1k");
    long before = System.nanoTime();
    assertEquals(4096, TestRuntime.write(file, block(1), 0));
    assertTrue(TestRuntime.millisSince(before) < GRACE_MILLIS, "there is a bound");
    assertContent(block(1), 0);
    assertEquals(4096, test.statistics().bufferedBytes());
    assertEquals(
        TestRuntime.submittingCall() + " says EAGAIN", test.events.only(Fallback.class).reason());
    assertEquals(4096, TestRuntime.write(file, block(2), 4096));
    assertEquals(4096, test.statistics().directBytes());
  }

  @Test
  void aFullRingForEverAndFallbackForbidden() throws Exception {
    DirectFile file =
        start(FilePolicy.DEFAULT.withFallbackAllowed(false), "submit-eagain:offset=0-1k");
    DirectIoException e =
        assertThrows(DirectIoException.class, () -> TestRuntime.write(file, block(1), 0));
    assertEquals(
        "4096 bytes at 0 of "
            + test.path("f")
            + " cannot go direct, and fallback is forbidden: "
            + TestRuntime.submittingCall()
            + " says EAGAIN; write whole"
            + " blocks of 4096 bytes, or allow fallback",
        e.getMessage());
    assertArrayEquals(new byte[4096], Arrays.copyOf(test.content("f"), 4096));
    assertEquals(4096, TestRuntime.write(file, block(1), 4096));
  }

  @Test
  void aStuckSubmission() throws Exception {
    DirectFile file = start(SHORT_DEADLINE, "submit-block:for=3s:offset=0-1k:count=1");
    DirectIoException e = assertLost(file, block(1), 0);
    assertTrue(
        e.getMessage().contains(TestRuntime.submittingCall() + " to return"), e.getMessage());
    assertEquals(1, test.events.all(Lost.class).size());
    assertEquals(4096, test.statistics().quarantinedBytes());
    DirectFile patient = test.open("f");
    assertEquals(4096, TestRuntime.write(patient, block(2), 4096), "others go on");
    Late late = test.events.await(Late.class, 1, Duration.ofSeconds(60)).get(0);
    assertEquals(false, late.delivered());
    test.awaitSettled();
    // A busy machine may make others.
    long stuck =
        test.events.all(Stall.class).stream()
            .filter(s -> s.durationNanos() > 2_500_000_000L)
            .count();
    assertEquals(1, stuck);
    assertEquals(4096, TestRuntime.write(patient, block(3), 0), "all is usable afterwards");
    assertContent(block(3), 0);
  }

  /** The deadline passes just as io_submit returns, or as the completion comes: either, once. */
  @Test
  void deadlinesBesideSubmissionsThatReturn() throws Exception {
    DirectFile file =
        start(
            FilePolicy.DEFAULT.withDeadline(Duration.ofMillis(4)),
            "submit-block:rate=0.4:for=4ms",
            "delay:rate=0.3:for=3ms");
    int writers = 4;
    int writesOfEach = 150;
    AtomicInteger written = new AtomicInteger();
    AtomicInteger lost = new AtomicInteger();
    List<CompletableFuture<Void>> all = new ArrayList<>();
    for (int t = 0; t < writers; t++) {
      int number = t;
      all.add(
          CompletableFuture.runAsync(
              () -> {
                for (int i = 0; i < writesOfEach; i++) {
                  try {
                    TestRuntime.write(file, block(i), number * 4096L);
                    written.incrementAndGet();
                  } catch (DirectIoException e) {
                    lost.incrementAndGet();
                  } catch (IOException e) {
                    throw new UncheckedIOException(e);
                  }
                }
              },
              task -> new Thread(task).start()));
    }
    for (CompletableFuture<Void> one : all) {
      one.get(60, TimeUnit.SECONDS);
    }
    test.awaitSettled();
    assertEquals(writers * writesOfEach, written.get() + lost.get());
    assertTrue(written.get() > 0 && lost.get() > 0, written + " written, " + lost + " lost");
    // Those that could not start have no request that could come late.
    long released =
        test.events.all(Lost.class).stream().filter(l -> l.request().requestId() != 0).count();
    assertTrue(test.events.all(Late.class).size() <= released, "late at most once");
    assertEquals(0, test.events.all(Duplicate.class).size());
  }

  /** More than there are submitter threads for the device: still each caller is back. */
  @Test
  void moreStuckSubmissionsThanThreads() throws Exception {
    DirectFile file = start(SHORT_DEADLINE, "submit-block:for=4s:offset=0-1m");
    int writers = 80;
    List<CompletableFuture<Long>> all = new ArrayList<>();
    for (int t = 0; t < writers; t++) {
      int number = t;
      CompletableFuture<Long> one = new CompletableFuture<>();
      all.add(one);
      new Thread(
              () -> {
                long before = System.nanoTime();
                try {
                  TestRuntime.write(file, block(number), number * 4096L);
                  one.completeExceptionally(new AssertionError("written"));
                } catch (DirectIoException e) {
                  one.complete(TestRuntime.millisSince(before));
                } catch (IOException | RuntimeException e) {
                  one.completeExceptionally(e);
                }
              })
          .start();
    }
    for (CompletableFuture<Long> one : all) {
      long took = one.get(60, TimeUnit.SECONDS);
      assertTrue(
          took >= DEADLINE_MILLIS - 1 && took <= DEADLINE_MILLIS + GRACE_MILLIS, took + " ms");
    }
    assertEquals(writers, test.statistics().lost());
    test.awaitSettled();
    int neverStarted = writers - test.events.all(Late.class).size();
    assertTrue(neverStarted >= 0 && neverStarted <= writers - 64, "" + neverStarted);
    assertEquals(
        4096, TestRuntime.write(test.open("f"), block(1), MIB), "all is usable afterwards");
  }

  /** With on-lost=report they all wait, also those for which no thread was free in time. */
  @Test
  void moreStuckSubmissionsThanThreadsReportedAndWaitedFor() throws Exception {
    DirectFile file =
        start(
            FilePolicy.DEFAULT.withDeadline(Duration.ofMillis(100)).withOnLost(OnLost.REPORT),
            "submit-block:for=2s:offset=0-1m");
    List<CompletableFuture<Long>> all = new ArrayList<>();
    for (int t = 0; t < 70; t++) {
      int number = t;
      CompletableFuture<Long> one = new CompletableFuture<>();
      all.add(one);
      new Thread(
              () -> {
                try {
                  one.complete(TestRuntime.write(file, block(number), number * 4096L));
                } catch (IOException | RuntimeException e) {
                  one.completeExceptionally(e);
                }
              })
          .start();
    }
    for (CompletableFuture<Long> one : all) {
      assertEquals(4096, one.get(60, TimeUnit.SECONDS));
    }
    assertEquals(70, test.statistics().lost());
    assertEquals(70, test.statistics().late());
    assertEquals(0, test.statistics().errors());
  }

  @Test
  void theMemoryRunsOut() throws Exception {
    test = new TestRuntime(new RuntimeOptions(8, 1 << 20, 1 << 20), engine -> engine);
    DirectFile file = test.openWritten("f", MIB, SHORT_DEADLINE);
    AlignedBuffer all = test.runtime.allocate(MIB);
    long before = System.nanoTime();
    DirectIoException e =
        assertThrows(DirectIoException.class, () -> TestRuntime.write(file, block(1), 0));
    long took = TestRuntime.millisSince(before);
    assertTrue(took >= DEADLINE_MILLIS && took <= DEADLINE_MILLIS + GRACE_MILLIS, took + " ms");
    assertEquals(Errno.ETIMEDOUT, e.errno());
    String message = e.getMessage();
    assertTrue(
        message.startsWith("write of 4096 bytes at 0 of " + test.path("f") + " could not start"),
        message);
    assertTrue(
        message.endsWith(
            "deadline 300 ms: no buffer memory was free; buffer-memory is 1048576 bytes, in use"
                + " 1048576, of these quarantined 0"),
        message);
    assertThrows(IllegalStateException.class, () -> test.runtime.allocate(4096));
    all.close();
    assertEquals(4096, TestRuntime.write(file, block(1), 0));
  }

  /**
   * What comes behind the last completion of a lost write, in the same batch, is read before the
   * lane is anybody else's.
   */
  @Test
  void aLateBatchIsReadToItsEndBeforeItsLaneIsLentAgain() throws Exception {
    CountDownLatch inDuplicate = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    AtomicBoolean hold = new AtomicBoolean(true);
    RecordingEventSink recording = new RecordingEventSink();
    EventSink blocking =
        (EventSink)
            Proxy.newProxyInstance(
                EventSink.class.getClassLoader(),
                new Class<?>[] {EventSink.class},
                (proxy, method, arguments) -> {
                  Object answer = method.invoke(recording, arguments);
                  if (method.getName().equals("duplicateCompletion")) {
                    inDuplicate.countDown();
                    goOn.await(60, TimeUnit.SECONDS);
                  }
                  return answer;
                });
    test = new TestRuntime();
    test.scratch.written("f", 2 * MIB);
    try (DirectRuntime runtime =
            DirectRuntime.start(
                RuntimeOptions.DEFAULT,
                blocking,
                depth -> new TriplingContext(TestRuntime.engine().open(depth), hold));
        DirectFile file = runtime.open(test.path("f"), SHORT_DEADLINE)) {
      assertThrows(DirectIoException.class, () -> TestRuntime.write(file, block(1), 0));
      hold.set(false);
      assertTrue(inDuplicate.await(60, TimeUnit.SECONDS));
      // Three I/Os, so that their completions would lie over the third of the late batch.
      assertEquals(786_432, TestRuntime.write(file, new byte[786_432], MIB));
      goOn.countDown();
      recording.await(Duplicate.class, 2, Duration.ofSeconds(60));
      Thread.sleep(50);
    }
    List<Duplicate> told = recording.all(Duplicate.class);
    assertEquals(2, told.size(), told.toString());
    for (Duplicate one : told) {
      assertEquals(0, one.request().offset(), "of the write that was lost: " + one);
      assertEquals(4096, one.request().lengthBytes());
    }
  }

  /** Holds completions back, and delivers each of the held ones three times over. */
  private static final class TriplingContext extends WrappedContext {
    private final AtomicBoolean hold;
    private final List<long[]> held = new ArrayList<>();

    TriplingContext(AioContext context, AtomicBoolean hold) {
      super(context);
      this.hold = hold;
    }

    @Override
    public int reap(Completions batch, int min, long timeoutNanos) {
      if (!hold.get() && held.isEmpty()) {
        return super.reap(batch, min, timeoutNanos);
      }
      int came = super.reap(batch, 0, 0);
      for (int i = 0; i < came; i++) {
        held.add(new long[] {batch.data(i), batch.result(i)});
      }
      if (hold.get() || held.isEmpty()) {
        LockSupport.parkNanos(Math.min(timeoutNanos, 5_000_000));
        return 0;
      }
      long[] one = held.remove(0);
      for (int i = 0; i < 3; i++) {
        batch.set(i, one[0], one[1]);
      }
      return 3;
    }
  }

  /**
   * io_getevents fails on a submitter thread: an error for the caller, and nothing stays behind.
   */
  @Test
  void reapingFailsOnASubmitterThread() throws Exception {
    AtomicBoolean fail = new AtomicBoolean(true);
    test =
        new TestRuntime(
            RuntimeOptions.DEFAULT,
            engine ->
                depth ->
                    new WrappedContext(engine.open(depth)) {
                      @Override
                      public int reap(Completions batch, int min, long timeoutNanos) {
                        boolean submitter =
                            Thread.currentThread().getName().startsWith("dio-submitter");
                        return submitter && fail.getAndSet(false)
                            ? -Errno.EINVAL
                            : super.reap(batch, min, timeoutNanos);
                      }
                    });
    DirectFile file = test.open("f", SHORT_DEADLINE);
    IOException e = assertThrows(IOException.class, () -> TestRuntime.write(file, block(1), 0));
    assertTrue(e.getMessage().startsWith("a defect of dio-agent"), e::getMessage);
    test.awaitSettled();
    assertEquals(4096, TestRuntime.write(file, block(2), 0));
    assertContent(block(2), 0);
  }
}
