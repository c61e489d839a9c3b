package io.dioagent.jmc.rules;

import static io.dioagent.jmc.rules.TestRecording.judge;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.openjdk.jmc.flightrecorder.rules.IResult;
import org.openjdk.jmc.flightrecorder.rules.Severity;

class CompletionRulesTest {
  private static final String FILE = "/data/f";

  @Test
  void aRequestThatNeverEndsIsLost() {
    IResult result =
        judge(
            new LostCompletionsRule(),
            () -> {
              Events.lost(1, FILE, 8192, "waiting for the completion");
              Events.lost(2, FILE, 12288, "waiting for the completion");
              Events.late(2, FILE, TimeUnit.SECONDS.toNanos(31), false);
            });
    assertEquals(Severity.WARNING, result.getSeverity());
    assertTrue(result.getSummary().startsWith("1 request never ended"), result.getSummary());
    assertTrue(result.getSummary().contains("/data/f at offset 8192"), result.getSummary());
    assertFalse(result.getExplanation().contains("12288"), result.getExplanation());
    assertTrue(result.getExplanation().contains("waiting for the completion, after 30 s"));
  }

  @Test
  void aRequestThatNeverBeganHasNoLateCompletion() {
    IResult some =
        judge(
            new LostCompletionsRule(),
            () -> {
              Events.lost(1, FILE, 0, "waiting for the completion");
              Events.lost(2, FILE, 4096, "waiting for a thread", false);
            });
    String explanation = some.getExplanation();
    assertTrue(explanation.contains("Never passed to the kernel: 1 of 2."), explanation);
    assertTrue(explanation.contains("by thread main, never passed to the kernel"), explanation);

    IResult none =
        judge(
            new LostCompletionsRule(), () -> Events.lost(1, FILE, 0, "waiting for the completion"));
    assertFalse(none.getExplanation().contains("assed to the kernel"), none.getExplanation());
  }

  @Test
  void aRequestThatEndedAfterAllIsNotLost() {
    IResult result =
        judge(
            new LostCompletionsRule(),
            () -> {
              Events.lost(1, FILE, 0, "waiting for the completion");
              Events.late(1, FILE, TimeUnit.SECONDS.toNanos(31), true);
            });
    assertEquals(Severity.OK, result.getSeverity());
    assertTrue(result.getSummary().contains("1 request"), result.getSummary());
  }

  @Test
  void injectedLossesAreMarked() {
    IResult all =
        judge(
            new LostCompletionsRule(),
            () -> {
              Events.fault(1, FILE, "lose:count=1");
              Events.lost(1, FILE, 0, "waiting for the completion");
            });
    assertEquals(Severity.INFO, all.getSeverity());
    assertTrue(all.getExplanation().contains("on purpose: 1 of 1, by fault=lose:count=1."));

    IResult some =
        judge(
            new LostCompletionsRule(),
            () -> {
              Events.fault(1, FILE, "lose:count=1");
              Events.lost(1, FILE, 0, "waiting for the completion");
              Events.lost(2, FILE, 4096, "waiting for the completion");
            });
    assertEquals(Severity.WARNING, some.getSeverity());
    assertTrue(some.getExplanation().contains("on purpose: 1 of 2"), some.getExplanation());
  }

  @Test
  void adviceNamesASufficientDeadline() {
    IResult given =
        judge(
            new LateCompletionsRule(),
            () -> Events.late(1, FILE, TimeUnit.SECONDS.toNanos(40), false));
    assertEquals(Severity.WARNING, given.getSeverity());
    assertTrue(given.getSolution().contains("deadline=61s"), given.getSolution());

    IResult delivered =
        judge(
            new LateCompletionsRule(),
            () -> Events.late(1, FILE, TimeUnit.MILLISECONDS.toNanos(1500), true));
    assertEquals(Severity.INFO, delivered.getSeverity());
    assertTrue(delivered.getSolution().contains("deadline=3s"), delivered.getSolution());
  }

  @Test
  void unknownCompletionsHaveNoFile() {
    IResult result =
        judge(
            new DuplicateCompletionsRule(),
            () -> {
              Events.duplicate(3, FILE);
              Events.unknown(99);
            });
    assertEquals(Severity.WARNING, result.getSeverity());
    assertTrue(result.getSummary().contains("1 completion came twice, 1 for"), result.getSummary());
    assertTrue(result.getSummary().contains("/data/f at offset 12288"), result.getSummary());
    assertTrue(result.getExplanation().contains("request 99 of no known file: with EIO"));
  }

  @Test
  void okWithoutSuchEvents() {
    Runnable nothing = () -> Events.option("tag", "/data/**");
    for (DioRule rule :
        new DioRule[] {
          new LostCompletionsRule(), new LateCompletionsRule(), new DuplicateCompletionsRule()
        }) {
      assertEquals(Severity.OK, judge(rule, nothing).getSeverity(), rule.getId());
    }
  }
}
