package io.dioagent.jmc.rules;

import static io.dioagent.jmc.rules.TestRecording.judge;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.openjdk.jmc.flightrecorder.rules.IResult;
import org.openjdk.jmc.flightrecorder.rules.Severity;

class BufferMemoryRuleTest {
  private static final int MIB = 1 << 20;

  private static IResult withLevels(long bufferBytes, long quarantinedBytes) {
    return judge(
        new BufferMemoryRule(),
        () -> {
          Events.option("buffer-memory", "64m");
          Events.option("max-io", "1m");
          Events.statistics(1, 0, 0, 0, 0);
          Events.statistics(2, 0, 0, bufferBytes, quarantinedBytes);
        });
  }

  @Test
  void threeQuartersOfADevicesHalfAreNearlyAll() {
    assertEquals(Severity.OK, withLevels(23L * MIB, 0).getSeverity());
    IResult nearly = withLevels(24L * MIB, 0);
    assertEquals(Severity.INFO, nearly.getSeverity());
    assertTrue(nearly.getSummary().contains("24 MiB of buffer-memory, which is 64 MiB"));
  }

  @Test
  void quarantinedMemoryIsUnusable() {
    assertEquals(Severity.OK, withLevels(15L * MIB, 15L * MIB).getSeverity());
    IResult stuck = withLevels(16L * MIB, 16L * MIB);
    assertEquals(Severity.WARNING, stuck.getSeverity());
    assertTrue(stuck.getSolution().contains("Lost Completions"), stuck.getSolution());
  }

  @Test
  void aRequestWithoutMemoryIsNamed() {
    IResult result =
        judge(
            new BufferMemoryRule(),
            () -> {
              Events.option("buffer-memory", "64m");
              Events.lost(7, "/data/f", 8192, "not started: no buffer memory was free; in use 1");
            });
    assertEquals(Severity.WARNING, result.getSeverity());
    assertTrue(result.getSummary().contains("1 request found no buffer memory"));
    assertTrue(result.getSummary().contains("/data/f at offset 8192"), result.getSummary());
  }

  @Test
  void doesNotApplyWithoutCounters() {
    IResult result = judge(new BufferMemoryRule(), () -> Events.option("buffer-memory", "64m"));
    assertEquals(Severity.NA, result.getSeverity());
  }
}
