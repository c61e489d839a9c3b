package io.dioagent.jmc.rules;

import static io.dioagent.jmc.rules.TestRecording.judge;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.openjdk.jmc.flightrecorder.rules.IResult;
import org.openjdk.jmc.flightrecorder.rules.Severity;

class FaultRulesTest {

  @Test
  void errorsAreGroupedByErrorAndFile() {
    IResult result =
        judge(
            new CompletionErrorsRule(),
            () -> {
              Events.error(1, "/data/a", 28, "ENOSPC");
              Events.error(2, "/data/b", 5, "EIO");
              Events.error(3, "/data/b", 5, "EIO");
            });
    assertEquals(Severity.WARNING, result.getSeverity());
    String explanation = result.getExplanation();
    assertTrue(explanation.contains("2 times EIO, first of /data/b at offset 8192"), explanation);
    assertTrue(explanation.contains("1 times ENOSPC, first of /data/a"), explanation);
    assertTrue(explanation.indexOf("EIO") < explanation.indexOf("ENOSPC"), explanation);
    assertTrue(result.getSolution().contains("smartctl"), result.getSolution());
    assertTrue(result.getSolution().contains("make room"), result.getSolution());
  }

  @Test
  void aFailedForceIsAnError() {
    IResult failed = judge(new CompletionErrorsRule(), () -> Events.force("/data/a", 5, "EIO"));
    assertEquals(Severity.WARNING, failed.getSeverity());
    assertTrue(failed.getExplanation().contains("may not be on the device"));
    assertFalse(failed.getSummary().contains("offset"), failed.getSummary());

    IResult well = judge(new CompletionErrorsRule(), () -> Events.force("/data/a", 0, null));
    assertEquals(Severity.OK, well.getSeverity());
  }

  @Test
  void injectedErrorsAreInformation() {
    IResult result =
        judge(
            new CompletionErrorsRule(),
            () -> {
              Events.fault(1, "/data/a", "eio:rate=0.1");
              Events.error(1, "/data/a", 5, "EIO");
            });
    assertEquals(Severity.INFO, result.getSeverity());
    assertTrue(result.getExplanation().contains("fault=eio:rate=0.1"), result.getExplanation());
  }

  @Test
  void injectedFaultsAreCountedByKind() {
    IResult result =
        judge(
            new InjectedFaultsRule(),
            () -> {
              Events.fault(1, "/data/a", "delay");
              Events.fault(2, "/data/a", "delay");
              Events.fault(3, "/data/a", "eio");
            });
    assertEquals(Severity.INFO, result.getSeverity());
    assertTrue(result.getExplanation().contains("2 times delay; 1 times eio"));
  }

  @Test
  void aFaultThatNeverStruckIsReported() {
    IResult result =
        judge(new InjectedFaultsRule(), () -> Events.option("fault", "eio:path=/nowhere/**"));
    assertEquals(Severity.INFO, result.getSeverity());
    assertTrue(result.getSummary().contains("none struck"), result.getSummary());
    assertTrue(result.getSummary().contains("eio:path=/nowhere/**"), result.getSummary());

    IResult none = judge(new InjectedFaultsRule(), () -> Events.option("mode", "direct"));
    assertEquals(Severity.OK, none.getSeverity());
  }
}
