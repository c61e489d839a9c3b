package io.dioagent.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.runtime.RecordingEventSink.Duplicate;
import io.dioagent.runtime.RecordingEventSink.Fallback;
import io.dioagent.runtime.RecordingEventSink.Injected;
import io.dioagent.runtime.RecordingEventSink.Late;
import io.dioagent.runtime.RecordingEventSink.Lost;
import io.dioagent.runtime.RecordingEventSink.Stall;
import io.dioagent.runtime.api.DirectIoException;
import io.dioagent.runtime.api.Errno;
import io.dioagent.runtime.api.EventSink;
import io.dioagent.runtime.api.FilePolicy;
import io.dioagent.runtime.api.OnLost;
import io.dioagent.runtime.api.RuntimeOptions;
import io.dioagent.runtime.engine.AioContext;
import io.dioagent.runtime.engine.Completions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Results and events when the ring is full, io_submit does not return, or means run out. */
@Tag("engine")
class StuckSubmissionTest extends FaultTestBase {
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
    // A busy machine may cause others.
    long stuck =
        test.events.all(Stall.class).stream()
            .filter(s -> s.durationNanos() > 2_500_000_000L)
            .count();
    assertEquals(1, stuck);
    assertEquals(4096, TestRuntime.write(patient, block(3), 0), "all is usable afterwards");
    assertContent(block(3), 0);
  }

  /**
   * The deadline passes just as io_submit returns, or as the completion comes: one of the two
   * results, once.
   */
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
    // Requests that could not start cannot come late.
    long released =
        test.events.all(Lost.class).stream().filter(l -> l.request().requestId() != 0).count();
    assertTrue(test.events.all(Late.class).size() <= released, "late at most once");
    assertEquals(0, test.events.all(Duplicate.class).size());
  }

  /** More than there are submitter threads for the device: still each caller returns. */
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

  /** With on-lost=report all wait, including those for which no thread was free in time. */
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
   * Completions after the last one of a lost write, in the same batch, are read before another
   * owner gets the lane.
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
      try (DirectFile patient = runtime.open(test.path("f"), FilePolicy.DEFAULT)) {
        assertEquals(786_432, TestRuntime.write(patient, new byte[786_432], MIB));
      }
      goOn.countDown();
      recording.await(Duplicate.class, 2, Duration.ofSeconds(60));
      Thread.sleep(50);
    }
    List<Duplicate> reported = recording.all(Duplicate.class);
    assertEquals(2, reported.size(), reported.toString());
    for (Duplicate one : reported) {
      assertEquals(0, one.request().offset(), "of the write that was lost: " + one);
      assertEquals(4096, one.request().lengthBytes());
    }
  }

  /** Holds completions back, and delivers each of them three times. */
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
   * io_getevents fails on a submitter thread: the caller gets an error, and nothing stays behind.
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
    assertEquals(4096, TestRuntime.write(test.open("f"), block(2), 0));
    assertContent(block(2), 0);
  }
}
