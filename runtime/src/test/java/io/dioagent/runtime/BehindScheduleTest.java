package io.dioagent.runtime;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Callers' own writes and the write-back behind them, under many schedules. */
@Tag("fray")
class BehindScheduleTest extends ScheduleTest {
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.MATCH_ALL, names = "BEHIND_.*")
  void eachScheduleKeepsThePromises(ScheduledScenarios scenario) throws Exception {
    runAll(scenario);
  }
}
