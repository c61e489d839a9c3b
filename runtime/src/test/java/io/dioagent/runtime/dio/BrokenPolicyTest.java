package io.dioagent.runtime.dio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.dioagent.runtime.dio.ModelChecker.Failure;
import io.dioagent.runtime.dio.ModelChecker.Verdict;
import io.dioagent.runtime.dio.Scenario.Fate;
import io.dioagent.runtime.dio.Scenario.Other;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The model checker finds each of the mistakes that the four patches removed from the kernel. */
class BrokenPolicyTest {
  private final ModelChecker checker = new ModelChecker();

  @AfterEach
  void close() {
    checker.close();
  }

  /** From small to large, so that the first one that fails is the smallest. */
  private static List<Scenario> scenarios() {
    List<Scenario> all = new ArrayList<>();
    for (int ios = 0; ios <= 2; ios++) {
      for (List<Fate> fates : Scenario.allFates(ios, Fate.OK, Fate.ERROR, Fate.REFUSED)) {
        for (int pending = 0; pending <= 2; pending++) {
          all.add(Scenario.of(fates, pending));
        }
        all.add(Scenario.of(fates, 0, Other.EXPIRE));
        all.add(Scenario.of(fates, 0, Other.CANCEL));
      }
    }
    return all;
  }

  private void assertCaught(CompletionPolicy.Maker broken, String violation) {
    for (Scenario scenario : scenarios()) {
      Verdict verdict = checker.check(scenario, broken, violation);
      Failure failure = verdict.shortest();
      if (failure != null) {
        System.out.println(
            "caught: "
                + violation
                + " in "
                + verdict.failures()
                + " of "
                + verdict.schedules()
                + " schedules of "
                + scenario
                + "\n    "
                + failure);
        assertEquals(verdict, checker.check(scenario, broken, violation), "found again");
        return;
      }
    }
    fail("not caught: " + violation);
  }

  @Test
  void theRightPolicyIsNotCaught() {
    for (Scenario scenario : scenarios()) {
      Verdict verdict = checker.check(scenario, CopiedPolicy::new);
      assertNull(verdict.shortest(), () -> scenario + ": " + verdict.shortest());
      assertTrue(verdict.schedules() > 0);
    }
  }

  @Test
  void lostErrorEvent() {
    assertCaught(
        BrokenPolicies.LostErrorEvent::new, "ended 0 times: published 0, returned 0, released 0");
  }

  /** 4091 bytes: of two I/Os, one wrote 4096 and one failed with EIO (5). */
  @Test
  void errorOverwritesCount() {
    assertCaught(BrokenPolicies.ErrorOverwritesCount::new, "published 4091, expected -5");
  }

  @Test
  void countOutsideLock() {
    assertCaught(
        BrokenPolicies.CountOutsideLock::new, "ended 0 times: published 0, returned 0, released 0");
  }

  @Test
  void lookAfterDropPublishesTwice() {
    assertCaught(
        BrokenPolicies.LookAfterDrop::new, "ended 2 times: published 2, returned 0, released 0");
  }

  @Test
  void lookAfterDropTouchesAFreedRequest() {
    assertCaught(
        BrokenPolicies.LookAfterDrop::new,
        "submitter touched the request in submitted after it had ended");
  }

  @Test
  void noCountOfTheSubmitter() {
    assertCaught(
        BrokenPolicies.NoCountOfTheSubmitter::new,
        "ended 2 times: published 2, returned 0, released 0");
  }

  @Test
  void publishesReturnedErrors() {
    assertCaught(
        BrokenPolicies.PublishesWhatItReturns::new,
        "ended 2 times: published 1, returned 1, released 0");
  }

  @Test
  void publishesPendingError() {
    assertCaught(
        BrokenPolicies.PublishesPendingError::new,
        "ended 2 times: published 2, returned 0, released 0");
  }

  @Test
  void lastPendingErrorWins() {
    assertCaught(BrokenPolicies.LastPendingErrorWins::new, "published -101, expected -100");
  }

  @Test
  void publishesCancelled() {
    assertCaught(
        BrokenPolicies.PublishesCancelled::new,
        "ended 2 times: published 1, returned 0, released 1");
  }
}
