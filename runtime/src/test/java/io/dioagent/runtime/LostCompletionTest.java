package io.dioagent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.runtime.RecordingEventSink.Duplicate;
import io.dioagent.runtime.RecordingEventSink.Late;
import io.dioagent.runtime.RecordingEventSink.Lost;
import io.dioagent.runtime.RecordingEventSink.Unknown;
import io.dioagent.runtime.RecordingEventSink.WriteEnded;
import io.dioagent.runtime.api.DirectIoException;
import io.dioagent.runtime.api.FilePolicy;
import io.dioagent.runtime.api.OnLost;
import io.dioagent.runtime.api.RuntimeOptions;
import io.dioagent.runtime.api.Statistics;
import io.dioagent.runtime.engine.AioContext;
import io.dioagent.runtime.engine.AioEngine;
import io.dioagent.runtime.engine.Completions;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Results and events when completions do not come, come late, twice or uninvited. */
@Tag("engine")
class LostCompletionTest extends FaultTestBase {
  @Test
  void aLostCompletion() throws Exception {
    DirectFile file = start(SHORT_DEADLINE, "lose:offset=0-4k:count=1");
    test.loses();
    DirectIoException e = assertLost(file, block(1), 0);
    assertTrue(e.getMessage().endsWith("waiting for the completion and counts as lost"), "" + e);
    Lost reported = test.events.only(Lost.class);
    assertEquals(0, reported.request().offset());
    assertEquals(4096, reported.request().lengthBytes());
    assertEquals(TimeUnit.MILLISECONDS.toNanos(DEADLINE_MILLIS), reported.deadlineNanos());
    assertTrue(reported.ageNanos() >= reported.deadlineNanos());
    assertEquals(Thread.currentThread().getName(), reported.submitter());
    assertTrue(reported.submitterStack().contains("FaultTest"), reported.submitterStack());
    Statistics now = test.statistics();
    assertEquals(1, now.lost());
    assertEquals(4096, now.quarantinedBytes());
    assertEquals(4096, now.bufferBytes());
    assertEquals(1, now.inFlight());
    assertEquals(0, now.errors(), "no one knows of an error");
    // Other writes go on, on the same range and with other memory.
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
  void aLateCompletionIsDiscarded() throws Exception {
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
    assertEquals(2, test.events.all(WriteEnded.class).size(), "the lost one is not reported again");
  }

  /** Many late completions at once: all resources come back. */
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

  /** The same, if a submitter thread is stuck. */
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

  // The kernel completes it twice, or completes what it was never given.

  @Test
  void duplicates() throws Exception {
    DirectFile file = start(FilePolicy.DEFAULT, "duplicate:offset=0-4k");
    for (int i = 0; i < 10; i++) {
      assertEquals(4096, TestRuntime.write(file, block(i), 0));
      assertContent(block(i), 0);
    }
    assertEquals(4096, TestRuntime.write(file, block(1), 4096));
    assertEquals(10, test.statistics().duplicates());
    List<Duplicate> reported = test.events.all(Duplicate.class);
    assertEquals(10, reported.size());
    assertEquals(0, reported.get(0).request().offset());
    assertEquals(test.path("f").toString(), reported.get(0).request().path());
    assertEquals(4096, reported.get(0).result());
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
    List<Unknown> reported = test.events.all(Unknown.class);
    assertEquals(List.of(new Unknown(0x7777000000000100L, 4096), new Unknown(0, 4096)), reported);
    assertEquals(2, test.statistics().unknown());
    assertEquals(0, test.statistics().duplicates());
    assertEquals(4096, TestRuntime.write(file, block(2), 0));
    assertEquals(2, test.statistics().unknown());
  }

  /** Adds completions for invented ids to the next batch. */
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
}
