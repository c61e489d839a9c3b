package io.dioagent.runtime;

import io.dioagent.runtime.schedule.Schedules;
import org.junit.jupiter.api.Assumptions;

/**
 * The runtime's threads under schedules that Fray chooses: chunks on their way, asynchronous writes
 * and claims, on a device in memory. Each schedule has to keep what {@link ScheduledWorld} states:
 * each write ends once, no wait comes to its limit without need, all that was lent is back, and the
 * file has its bytes.
 *
 * <pre>
 * property             of the Maven command
 * dio.test.schedules   schedules of each scenario; 1,000 if not given
 * dio.test.seed        seed of the first one; 0 if not given
 * dio.test.scenario    the one scenario to run; all if not given
 * </pre>
 *
 * <p>To replay a failure, whose message has the scenario and the seed:
 *
 * <pre>
 * mvn verify -pl runtime -am -Dtest='*ScheduleTest' -Dsurefire.failIfNoSpecifiedTests=false \
 *     -Ddio.test.scenario=ASYNC_LATE -Ddio.test.seed=12 -Ddio.test.schedules=1
 * </pre>
 *
 * <p>The seed gives the same schedule on the same machine and build, but for what the kernel
 * answers meanwhile: whether a thread waits in it, which counts against deadlines. Below
 * target/fray Fray keeps what it printed, with the stack of each thread that was blocked.
 *
 * <p>What schedules do not show: a read or write of a plain field is no step, so a field that has
 * to be volatile, and is not, is not found; nor is what the kernel does.
 */
abstract class ScheduleTest {
  /** A scenario has failed in this JVM: its threads may have what others need. */
  private static boolean hasFailed;

  /** Runs a scenario under all schedules. */
  final void runAll(ScheduledScenarios scenario) throws Exception {
    String only = System.getProperty("dio.test.scenario", scenario.name());
    Assumptions.assumeTrue(only.equals(scenario.name()), "only " + only + " is asked for");
    Assumptions.assumeFalse(hasFailed, "another scenario has failed in this JVM");
    int count = Integer.getInteger("dio.test.schedules", 1000);
    long firstSeed = Long.getLong("dio.test.seed", 0);
    Schedules.Failure failure = ScheduledRuns.of(scenario).run(firstSeed, count);
    if (failure != null) {
      hasFailed = true;
      throw new AssertionError(
          scenario
              + " fails under the schedule of a seed; to replay it: -Ddio.test.scenario="
              + scenario
              + " -Ddio.test.seed="
              + failure.seed()
              + " -Ddio.test.schedules=1",
          failure.cause());
    }
  }
}
