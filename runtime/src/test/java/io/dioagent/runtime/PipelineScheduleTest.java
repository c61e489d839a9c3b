package io.dioagent.runtime;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Chunks on their way, and claims, under many schedules. */
@Tag("fray")
class PipelineScheduleTest extends ScheduleTest {
  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.MATCH_NONE,
      names = {"ASYNC_.*", "BEHIND_.*"})
  void eachScheduleKeepsThePromises(ScheduledScenarios scenario) throws Exception {
    runAll(scenario);
  }
}
