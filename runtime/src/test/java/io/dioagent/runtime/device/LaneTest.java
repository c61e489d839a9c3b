package io.dioagent.runtime.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.runtime.TestRuntime;
import io.dioagent.runtime.api.Errno;
import io.dioagent.runtime.api.RequestInfo;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Submission and reaping, with a scripted ring. */
class LaneTest {
  private final ScriptedContext context = new ScriptedContext();
  private final List<String> log = new ArrayList<>();

  private final Lane lane =
      new Lane(
          5,
          8,
          8,
          context,
          TestRuntime.engine().pageCache(),
          new Ledger.Anomalies() {
            @Override
            public void duplicate(Ledger.Issued issued, long id, long result) {
              log.add("duplicate " + (issued == null ? "?" : issued.request().path()));
            }

            @Override
            public void unknown(long id, long result) {
              log.add("unknown " + id);
            }
          });

  @AfterEach
  void close() {
    lane.close();
    assertTrue(context.closed);
  }

  /** Records its calls; fails if wanted. */
  private final class TestIo implements Io {
    private final String name;
    private final Throwable failure;

    TestIo(String name, Throwable failure) {
      this.name = name;
      this.failure = failure;
    }

    @Override
    public RequestInfo request() {
      return new RequestInfo(0, name, 0, 4096);
    }

    @Override
    public void completed(long result) {
      log.add(name + " completed " + result);
      if (failure instanceof Error error) {
        throw error;
      }
      if (failure != null) {
        throw (RuntimeException) failure;
      }
    }

    @Override
    public void refused(int errno) {
      log.add(name + " refused " + errno);
    }
  }

  private void queue(String name) {
    queue(name, null);
  }

  private void queue(String name, Throwable failure) {
    lane.queue(new TestIo(name, failure), 1, 4096, 4096, 0, 0);
  }

  private void submitThree(Throwable failureOfFirst) {
    queue("a", failureOfFirst);
    queue("b");
    queue("c");
    lane.submit();
  }

  @Test
  void aPartialAcceptIsGoneOnWith() {
    context.submitAnswers.addAll(List.of(1, 1, 1));
    submitThree(null);
    assertEquals(List.of("submit 0+3=1", "submit 1+2=1", "submit 2+1=1"), context.calls);
    assertEquals(3, lane.inFlight());
    assertEquals(List.of(), log);
    lane.submit();
    assertEquals(3, context.calls.size(), "nothing is submitted twice");
  }

  /** A batch [good, bad, good] makes io_submit return 1. */
  @Test
  void oneRefusalDoesNotTakeTheOthersWithIt() {
    context.submitAnswers.addAll(List.of(1, -Errno.EINVAL, 1));
    submitThree(null);
    assertEquals(List.of("submit 0+3=1", "submit 1+2=-22", "submit 2+1=1"), context.calls);
    assertEquals(List.of("b refused 22"), log);
    assertEquals(2, lane.inFlight());
    context.complete(context.taken.get(1), 4096, context.taken.get(0), 4096);
    lane.reap(2, 0);
    assertEquals(List.of("b refused 22", "c completed 4096", "a completed 4096"), log);
  }

  @Test
  void aSignalIsTriedAgain() {
    context.submitAnswers.addAll(List.of(-Errno.EINTR, -Errno.EINTR, 3));
    submitThree(null);
    assertEquals(List.of(), log);
    assertEquals(3, lane.inFlight());
  }

  /**
   * EAGAIN: reap first, then try again. Completions are delivered, also to I/Os that are being
   * submitted.
   */
  @Test
  void aFullRingIsReapedFirst() {
    queue("a");
    lane.submit();
    context.submitAnswers.add(-Errno.EAGAIN);
    context.complete(context.taken.get(0), 4096);
    queue("b");
    lane.submit();
    assertEquals(
        List.of("submit 0+1=1", "submit 0+1=-11", "reap=1", "submit 0+1=1"), context.calls);
    assertEquals(List.of("a completed 4096"), log);
    assertEquals(1, lane.inFlight());
  }

  @Test
  void aRingThatStaysFullIsGivenUpWithinABound() {
    for (int i = 0; i < 100; i++) {
      context.submitAnswers.add(-Errno.EAGAIN);
    }
    queue("a");
    long before = System.nanoTime();
    lane.submit();
    long millis = TestRuntime.millisSince(before);
    assertEquals(List.of("a refused 11"), log);
    assertEquals(0, lane.inFlight());
    assertTrue(millis >= 100 && millis < 60_000, millis + " ms");
  }

  @Test
  void aBatchIsProcessedToItsEnd() {
    IllegalStateException failure = new IllegalStateException("as wanted");
    submitThree(failure);
    context.complete(
        context.taken.get(0),
        1,
        77,
        0,
        context.taken.get(1),
        2,
        context.taken.get(1),
        2,
        context.taken.get(2),
        3);
    assertSame(failure, assertThrows(IllegalStateException.class, () -> lane.reap(1, 0)));
    assertEquals(
        List.of("a completed 1", "unknown 77", "b completed 2", "duplicate b", "c completed 3"),
        log);
    assertEquals(0, lane.inFlight());
  }

  /** The batch goes on for any Throwable, also an Error. */
  @Test
  void aBatchIsProcessedToItsEndAfterAnyThrowable() {
    AssertionError failure = new AssertionError("as wanted");
    submitThree(failure);
    context.complete(context.taken.get(0), 1, context.taken.get(1), 2, context.taken.get(2), 3);
    assertSame(failure, assertThrows(AssertionError.class, () -> lane.reap(1, 0)));
    assertEquals(List.of("a completed 1", "b completed 2", "c completed 3"), log);
    assertEquals(0, lane.inFlight());
  }

  @Test
  void aSignalIsNoCompletionAndAnErrorIsNoSignal() {
    queue("a");
    lane.submit();
    context.reapErrors.addAll(List.of(-Errno.EINTR, -Errno.EINVAL));
    assertEquals(0, lane.reap(1, 0));
    IllegalStateException e = assertThrows(IllegalStateException.class, () -> lane.reap(1, 0));
    assertEquals("the engine's wait for completions ended with EINVAL", e.getMessage());
    assertEquals(1, lane.inFlight());
    context.complete(context.taken.get(0), 4096);
    assertEquals(1, lane.reap(1, 0));
    assertEquals(List.of("a completed 4096"), log);
  }

  @Test
  void aLaneMayBeWithoutAContext() {
    long first = lane.nextRequestId();
    long second = lane.nextRequestId();
    assertTrue(first != second && first != 0 && second != 0);
    assertTrue(lane.canGoDirect());
    Lane without = new Lane(6, 4, 4, null, TestRuntime.engine().pageCache(), null);
    assertFalse(without.canGoDirect());
    without.close();
  }
}
