package io.dioagent.runtime.dio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.runtime.dio.ModelChecker.Verdict;
import io.dioagent.runtime.dio.Scenario.Fate;
import io.dioagent.runtime.dio.Scenario.Other;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Every order of submitter, completions, deadline and canceller, on the real {@link Dio}. */
class DioModelTest {
  private static final CompletionPolicy.Maker REAL =
      (lock, ending, touch) -> CompletionPolicy.real(new Dio(lock, ending));

  private static final Fate[] ALL_FATES = Fate.values();
  private static final Fate[] THREE_FATES = {Fate.OK, Fate.ERROR, Fate.REFUSED};
  private static final Fate[] ENDING_FATES = {Fate.OK, Fate.SHORT, Fate.ERROR};

  /** The steps of the last dropper after its drop: result, state, ending. */
  private static final int FINISHING_STEPS = 3;

  private final ModelChecker checker = new ModelChecker();

  @AfterEach
  void close() {
    checker.close();
  }

  /** Checks all of them, and prints the number of schedules, by their endings. */
  private Map<String, Long> check(String what, List<Scenario> scenarios) {
    long began = System.nanoTime();
    long schedules = 0;
    Map<String, Long> endings = new TreeMap<>();
    for (Scenario scenario : scenarios) {
      Verdict verdict = checker.check(scenario, REAL);
      assertNull(verdict.shortest(), () -> scenario + ": " + verdict.shortest());
      schedules += verdict.schedules();
      verdict.endings().forEach((how, count) -> endings.merge(how, count, Long::sum));
    }
    System.out.println(
        "model check: "
            + what
            + ": "
            + scenarios.size()
            + " configurations, "
            + schedules
            + " schedules "
            + endings
            + ", "
            + (System.nanoTime() - began) / 1_000_000
            + " ms");
    assertEquals(schedules, endings.values().stream().mapToLong(Long::longValue).sum());
    return endings;
  }

  private static List<Scenario> scenarios(
      int ios, Fate[] fates, int maxPendingErrors, Other... others) {
    List<Scenario> all = new ArrayList<>();
    for (List<Fate> one : Scenario.allFates(ios, fates)) {
      for (int pending = 0; pending <= maxPendingErrors; pending++) {
        all.add(Scenario.of(one, pending, others));
      }
    }
    return all;
  }

  @Test
  void completionsInEveryOrder() {
    for (int ios = 0; ios <= 3; ios++) {
      Map<String, Long> endings = check(ios + " I/Os", scenarios(ios, ALL_FATES, 2));
      // The submitter returns only writes of which all I/Os are refused.
      assertEquals((1L << ios) * 3, endings.getOrDefault("returned", 0L));
    }
  }

  @Test
  void deadlineAgainstCompletions() {
    for (int ios = 0; ios <= 3; ios++) {
      Map<String, Long> endings =
          check(ios + " I/Os, expire", scenarios(ios, ALL_FATES, 1, Other.EXPIRE));
      assertTrue(endings.containsKey("returned") || ios > 0);
      assertTrue(endings.containsKey("released"));
      assertEquals(ios > 0, endings.containsKey("released, late completion"));
    }
  }

  @Test
  void cancellerAgainstCompletions() {
    for (int ios = 0; ios <= 3; ios++) {
      Map<String, Long> endings =
          check(ios + " I/Os, cancel", scenarios(ios, THREE_FATES, 1, Other.CANCEL));
      assertTrue(endings.containsKey("released"));
    }
  }

  @Test
  void deadlineAndCancellerAgainstEachOther() {
    for (int ios = 0; ios <= 2; ios++) {
      check(
          ios + " I/Os, expire, cancel",
          scenarios(ios, THREE_FATES, 1, Other.EXPIRE, Other.CANCEL));
    }
    check(
        "3 I/Os that end well, expire, cancel",
        scenarios(3, new Fate[] {Fate.OK}, 0, Other.EXPIRE, Other.CANCEL));
  }

  @Test
  void submitterFindsTheDeadlinePassed() {
    for (int ios = 0; ios <= 3; ios++) {
      Map<String, Long> endings =
          check(
              ios + " I/Os, submitter expires",
              scenarios(ios, ALL_FATES, 1, Other.SUBMITTER_EXPIRES));
      // It holds its count, so nothing can have ended before.
      assertTrue(!endings.containsKey("published") && !endings.containsKey("returned"));
    }
    check(
        "2 I/Os, submitter expires, cancel",
        scenarios(2, THREE_FATES, 1, Other.SUBMITTER_EXPIRES, Other.CANCEL));
  }

  @Test
  void doneOnceMoreAfterACollision() {
    for (int ios = 1; ios <= 2; ios++) {
      check(
          ios + " I/Os, laundered",
          scenarios(
              ios, new Fate[] {Fate.OK, Fate.SHORT, Fate.ERROR, Fate.BUFFERED}, 1, Other.LAUNDER));
    }
    check("1 I/O, laundered, expire", scenarios(1, ENDING_FATES, 1, Other.LAUNDER, Other.EXPIRE));
  }

  /** Here others may also come between a release of the lock and the next step. */
  @Test
  void afterEachReleaseOfTheLockToo() {
    check(
        "1 I/O, expire, at every edge",
        scenarios(1, ALL_FATES, 1, Other.EXPIRE).stream().map(Scenario::withEdges).toList());
    check(
        "2 I/Os, at every edge",
        scenarios(2, THREE_FATES, 1).stream().map(Scenario::withEdges).toList());
    check(
        "2 I/Os that end, expire, at every edge",
        scenarios(2, new Fate[] {Fate.OK}, 0, Other.EXPIRE).stream()
            .map(Scenario::withEdges)
            .toList());
  }

  /**
   * Without other actors the submitter's steps are a chain of n + 1, and each completion comes
   * anywhere after its own. From the last to the first I/O there are 2, 4, 6, … places for it.
   */
  @Test
  void exploresAsManySchedulesAsThereAre() {
    long expected = 1;
    for (int ios = 0; ios <= 3; ios++) {
      expected *= Math.max(1, 2 * ios);
      Verdict verdict = checker.check(allWell(ios), REAL);
      assertEquals(expected, verdict.schedules(), ios + " I/Os");
      Verdict expiring = checker.check(allWell(ios, Other.EXPIRE), REAL);
      assertEquals(
          orders(ios, 0, 0, 0, -1, true, false), expiring.schedules(), ios + " I/Os, expire");
      System.out.println(
          "model check: "
              + ios
              + " I/Os that end well: "
              + verdict.schedules()
              + " schedules, with expire "
              + expiring.schedules()
              + ", as counted");
    }
  }

  private static Scenario allWell(int ios, Other... others) {
    return Scenario.of(Scenario.allFates(ios, Fate.OK).get(0), 0, others);
  }

  /**
   * Counts schedules with a deadline without a Dio, by the possible next steps.
   *
   * @param submitterStage 0 queueing, 1 about to drop, 2 has dropped
   * @param finishing steps that the last dropper still has; -1 before the last drop
   * @param deadlineToCome whether expire has not been called
   */
  private static long orders(
      int ios,
      int queued,
      int inFlight,
      int submitterStage,
      int finishing,
      boolean deadlineToCome,
      boolean released) {
    if (finishing == 0 && !deadlineToCome) {
      return 1;
    }
    long sum = 0;
    if (deadlineToCome) {
      boolean releases = finishing < 0;
      sum += orders(ios, queued, inFlight, submitterStage, finishing, false, released || releases);
    }
    if (finishing > 0) {
      return sum
          + orders(ios, queued, inFlight, submitterStage, finishing - 1, deadlineToCome, released);
    }
    if (finishing == 0) {
      return sum;
    }
    if (submitterStage == 0 && queued < ios) {
      sum +=
          released
              ? orders(ios, queued, inFlight, 1, finishing, deadlineToCome, true)
              : orders(ios, queued + 1, inFlight + 1, 0, finishing, deadlineToCome, false);
    } else if (submitterStage < 2) {
      // With nothing queued and no caller released, the submitter only reads its result.
      int next = inFlight > 0 ? -1 : queued == 0 && !released ? 1 : FINISHING_STEPS;
      sum += orders(ios, queued, inFlight, 2, next, deadlineToCome, released);
    }
    if (inFlight > 0) {
      boolean last = inFlight == 1 && submitterStage == 2;
      sum +=
          inFlight
              * orders(
                  ios,
                  queued,
                  inFlight - 1,
                  submitterStage,
                  last ? FINISHING_STEPS : -1,
                  deadlineToCome,
                  released);
    }
    return sum;
  }

  @Test
  void twoRunsAreTheSame() {
    Scenario scenario = Scenario.of(List.of(Fate.OK, Fate.ERROR, Fate.SHORT), 1, Other.EXPIRE);
    assertEquals(checker.check(scenario, REAL), checker.check(scenario, REAL));
    try (ModelChecker another = new ModelChecker()) {
      assertEquals(checker.check(scenario, REAL), another.check(scenario, REAL));
    }
  }
}
