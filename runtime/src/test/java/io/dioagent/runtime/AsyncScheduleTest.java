package io.dioagent.runtime;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Asynchronous writes within their deadlines, under many schedules. */
@Tag("fray")
class AsyncScheduleTest extends ScheduleTest {
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.MATCH_ALL, names = "ASYNC_(?!EXPIRE|LATE).*")
  void eachScheduleKeepsThePromises(ScheduledScenarios scenario) throws Exception {
    runAll(scenario);
  }
}
