package io.dioagent.runtime.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.runtime.device.Traffic;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Deadlines are spent by the rules, by the test's own clock. */
@Tag("host")
class PatienceTest {
  private static final long MILLI = 1_000_000;
  private static final long DEADLINE = 1000 * MILLI;

  private long now = -7;
  private boolean isHeapScarce;
  private final Patience patience = new Patience(() -> now, () -> isHeapScarce);
  private final Deque<Patience.Cause> causes = new ArrayDeque<>();
  private int asked;

  /** The last cause repeats. */
  private Patience.Cause cause() {
    asked++;
    return causes.size() > 1 ? causes.pollFirst() : causes.peekFirst();
  }

  private Limit waiting(Patience.Cause... expected) {
    causes.clear();
    causes.addAll(List.of(expected));
    return patience.limit(() -> DEADLINE, this::cause);
  }

  /**
   * Waits to the end of the limit.
   *
   * @param lateNanos by how much each sleep is longer than asked for
   * @return how long it took
   */
  private long waitOut(Limit limit, long lateNanos) {
    long before = now;
    for (long left; (left = limit.leftNanos()) > 0; ) {
      now += left + lateNanos;
      assertTrue(now - before < 100 * DEADLINE, "it does not end");
    }
    return now - before;
  }

  @Test
  void aWaitForNoOneKnowsWhatDoesNotCountWhileTheHeapIsFull() {
    isHeapScarce = true;
    Limit limit = waiting(Patience.Cause.UNKNOWN);
    for (int i = 0; i < 100; i++) {
      now += limit.leftNanos();
    }
    assertTrue(limit.leftNanos() > 0, "none of it counts");
    isHeapScarce = false;
    assertEquals(DEADLINE, waitOut(waiting(Patience.Cause.UNKNOWN), 0), "then all of it does");
  }

  @Test
  void aDeviceThatHangsSpendsTheDeadlineAlsoWhileTheHeapIsFull() {
    isHeapScarce = true;
    assertEquals(DEADLINE, waitOut(waiting(Patience.Cause.DEVICE), 0));
  }

  @Test
  void aDeviceThatHangsSpendsTheDeadlineExactly() {
    assertEquals(DEADLINE, waitOut(waiting(Patience.Cause.DEVICE), 0));
    assertEquals(10, asked, "once each tenth");
    assertTrue(patience.isSpent(0, DEADLINE, this::cause), "and it stays spent");
  }

  @Test
  void aLongDeadlineIsLookedAtEachSecond() {
    causes.add(Patience.Cause.DEVICE);
    long deadline = Duration.ofSeconds(30).toNanos();
    assertEquals(deadline, waitOut(patience.limit(() -> deadline, this::cause), 0));
    assertEquals(30, asked);
  }

  /**
   * SIGSTOP, a garbage collection, a heap dump, a suspended machine: at any time, of any length.
   */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 10})
  void aPauseAddsItself(int slice) {
    Limit limit = waiting(Patience.Cause.DEVICE);
    long paused = 0;
    long before = now;
    int slices = 0;
    for (long left; (left = limit.leftNanos()) > 0; ) {
      now += left;
      if (++slices == slice) {
        now += 3_600 * DEADLINE;
        paused += 3_600 * DEADLINE;
      }
    }
    assertEquals(DEADLINE, now - before - paused);
  }

  @Test
  void eachSleepThatIsTooLongAddsItsExcess() {
    assertEquals(DEADLINE + 10 * 90 * MILLI, waitOut(waiting(Patience.Cause.DEVICE), 90 * MILLI));
  }

  /** Wake-ups in the middle of a slice change nothing. */
  @Test
  void slicesThatEndEarlyCountTheirOwnTime() {
    Limit limit = waiting(Patience.Cause.DEVICE);
    long before = now;
    while (limit.leftNanos() > 0) {
      now += MILLI;
    }
    assertEquals(DEADLINE, now - before);
    assertEquals(10, asked);
  }

  @Test
  void timeBetweenTwoWaitsDoesNotCount() {
    Limit first = waiting(Patience.Cause.DEVICE);
    now += first.leftNanos();
    assertTrue(first.leftNanos() > 0);
    now += 50 * DEADLINE; // Loads classes.
    assertEquals(DEADLINE * 9 / 10, waitOut(waiting(Patience.Cause.DEVICE), 0));
  }

  @Test
  void timeInWhichAThreadWaitedForAProcessorDoesNotCount() {
    Patience.Cause process = Patience.Cause.PROCESS;
    Limit limit = waiting(process, process, process, process, process, Patience.Cause.DEVICE);
    assertEquals(DEADLINE + 5 * DEADLINE / 10, waitOut(limit, 0));
  }

  /** It was nearly spent, and then the device went on. */
  @Test
  void aMovingDeviceTakesBackTheTimeSpent() {
    Patience.Cause device = Patience.Cause.DEVICE;
    Limit limit =
        waiting(
            device,
            device,
            device,
            device,
            device,
            device,
            device,
            device,
            device,
            Patience.Cause.MOVED,
            device);
    assertEquals(2 * DEADLINE, waitOut(limit, 0));
  }

  @Test
  void unknownCausesCountWithProcessorsFree() {
    assertEquals(DEADLINE + 10 * MILLI, waitOut(waiting(Patience.Cause.UNKNOWN), MILLI));
  }

  @Test
  void unknownCausesDoNotCountWithoutProcessors() {
    Limit limit = waiting(Patience.Cause.UNKNOWN);
    for (int i = 0; i < 1000; i++) {
      long left = limit.leftNanos();
      assertTrue(left > 0, "spent after " + i);
      now += left + 40 * MILLI;
    }
    assertEquals(DEADLINE, waitOut(limit, 0), "once there are, it does");
  }

  /** The watchdog's rounds are longer than its rests, by its work in them. */
  @Test
  void inRounds() {
    causes.add(Patience.Cause.DEVICE);
    long rest = 20 * MILLI;
    long before = now;
    int pauses = 0;
    while (!patience.isSpentInRounds(rest, DEADLINE, this::cause)) {
      now += 25 * MILLI;
      if (now - before < 10 * DEADLINE && now - before > DEADLINE / 2) {
        now += 20 * DEADLINE;
        pauses++;
      }
    }
    assertEquals(1, pauses);
    long took = now - before - 20 * DEADLINE;
    assertTrue(took <= DEADLINE && took >= DEADLINE - 100 * MILLI, took / MILLI + " ms");
  }

  /** Finds a stuck device by its traffic. */
  @Test
  void aDeviceIsStuckAsLongAsSomethingIsInsideAndNothingEnds() {
    Traffic traffic = new Traffic();
    Patience.Why turn = traffic.watch();
    assertEquals(Patience.Cause.UNKNOWN, turn.cause(), "nothing is inside");
    traffic.enter();
    traffic.enter();
    assertEquals(Patience.Cause.DEVICE, turn.cause());
    assertEquals(Patience.Cause.DEVICE, turn.cause());
    traffic.leave();
    assertEquals(Patience.Cause.MOVED, turn.cause(), "one has ended");
    assertEquals(Patience.Cause.DEVICE, turn.cause(), "the other one is still there");
    traffic.leave();
    assertEquals(Patience.Cause.MOVED, turn.cause());
    assertEquals(Patience.Cause.UNKNOWN, turn.cause());
  }

  @Test
  void aChangedDeadlineCountsAtOnce() {
    causes.add(Patience.Cause.DEVICE);
    long[] deadline = {DEADLINE};
    Limit limit = patience.limit(() -> deadline[0], this::cause);
    long before = now;
    for (long left; (left = limit.leftNanos()) > 0; ) {
      now += left;
      deadline[0] = 2 * DEADLINE;
    }
    assertEquals(2 * DEADLINE, now - before);
    assertFalse(patience.isSpent(0, 3 * DEADLINE, this::cause));
  }
}
