package io.dioagent.jmc.rules;

import static io.dioagent.jmc.rules.TestRecording.judge;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.openjdk.jmc.flightrecorder.rules.IResult;
import org.openjdk.jmc.flightrecorder.rules.IRule;
import org.openjdk.jmc.flightrecorder.rules.Severity;

/** What had not ended when a recording ended is named, and nothing beside it is called quick. */
class InFlightRulesTest {
  private static final String FILE = "/data/f";
  private static final String IN_SUBMISSION = "io_submit to return";

  private static long seconds(int seconds) {
    return TimeUnit.SECONDS.toNanos(seconds);
  }

  private static void hang(String reason) {
    Events.levels(1, 1);
    Events.inFlight(3, FILE, seconds(12), reason);
  }

  private static void assertNames(IRule rule, Severity severity, Runnable events, String... texts) {
    IResult result = judge(rule, events);
    assertEquals(severity, result.getSeverity(), result.getSummary());
    for (String text : texts) {
      assertTrue(result.getSummary().contains(text), result.getSummary());
    }
  }

  @Test
  void withinItsDeadlineItIsNotLostButNamed() {
    IResult result = judge(new LostCompletionsRule(), () -> hang("the completion"));
    assertEquals(Severity.INFO, result.getSeverity());
    assertTrue(result.getSummary().contains("the oldest for 12 s of 30 s"), result.getSummary());
    assertTrue(result.getSummary().contains("/data/f at offset 12288"), result.getSummary());
    String explanation = result.getExplanation();
    assertTrue(explanation.contains("write by thread main, for 12 s"), explanation);
    assertTrue(explanation.contains("waiting for the completion"), explanation);
  }

  @Test
  void aSubmissionThatHasNotReturnedIsNoQuickOne() {
    assertNames(
        new SubmissionStallsRule(),
        Severity.WARNING,
        () -> hang(IN_SUBMISSION),
        "1 submission had not returned",
        "after 12 s",
        FILE);
    assertNames(new SubmissionStallsRule(), Severity.OK, () -> hang("the completion"), "at once");
  }

  /** Recordings of older agents have no event of what is in flight. */
  @Test
  void aLossInsideASubmissionIsAStallToo() {
    assertNames(
        new SubmissionStallsRule(),
        Severity.WARNING,
        () -> Events.lost(1, FILE, 4096, "waiting for " + IN_SUBMISSION),
        "1 submission had not returned");
    assertNames(
        new SubmissionStallsRule(),
        Severity.OK,
        () -> {
          Events.lost(1, FILE, 4096, "waiting for " + IN_SUBMISSION);
          Events.late(1, FILE, seconds(31), false);
        });
  }

  @Test
  void theSlowestWriteLeavesNoneOut() {
    assertNames(
        new SlowDeviceRule(),
        Severity.OK,
        () -> {
          for (int i = 0; i < 30; i++) {
            Events.write(i, FILE, 1000);
          }
          hang("the completion");
        },
        ", without 1 write that had not ended after up to 12 s");
  }

  @Test
  void whatHasEndedSinceIsNotNamed() throws Exception {
    Runnable ended =
        () -> {
          hang(IN_SUBMISSION);
          Events.levels(0, 0);
        };
    assertNames(new LostCompletionsRule(), Severity.OK, ended, "No request passed its deadline.");
    assertNames(new SubmissionStallsRule(), Severity.OK, ended, "at once");
    IResult slow = judge(new SlowDeviceRule(), ended);
    assertFalse(slow.getSummary().contains("not ended"), slow.getSummary());
  }
}
