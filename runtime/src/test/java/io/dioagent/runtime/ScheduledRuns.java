package io.dioagent.runtime;

import io.dioagent.runtime.schedule.ChangedLoader;
import io.dioagent.runtime.schedule.FrayJdk;
import io.dioagent.runtime.schedule.Schedules;
import io.dioagent.runtime.testing.Scratch;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Runs of one scenario, on the runtime as it is or on one with a defect. */
final class ScheduledRuns {
  private final String scenario;
  private final ChangedLoader loader;
  private final boolean quiet;

  /**
   * Runs of a scenario.
   *
   * @param quiet whether nothing is printed of a failure
   */
  private ScheduledRuns(String scenario, ChangedLoader loader, boolean quiet) {
    this.scenario = scenario;
    this.loader = loader;
    this.quiet = quiet;
  }

  /** On the runtime as it is. */
  static ScheduledRuns of(ScheduledScenarios scenario) {
    return new ScheduledRuns(scenario.name(), new ChangedLoader("none", null), false);
  }

  /** On a runtime with a defect. */
  static ScheduledRuns of(String scenario, ChangedLoader defective) {
    return new ScheduledRuns(scenario, defective, true);
  }

  /**
   * Runs it under the schedules of seeds. That of seed 0 always comes first: it loads the classes,
   * which makes a schedule of its own.
   *
   * @return the first failure; null if there is none
   */
  Schedules.Failure run(long firstSeed, int count) throws Exception {
    FrayJdk.skipUnlessThere();
    try (Scratch scratch = new Scratch()) {
      // The last block of the device's file is behind the end of this one.
      Path file = scratch.written("f", (ScheduledWorld.BLOCKS - 1) * ScheduledWorld.BLOCK_BYTES);
      System.setProperty(ScheduledWorld.FILE, file.toString());
      Schedules schedules =
          new Schedules(
              Path.of(System.getProperty("basedir", ""), "target", "fray", scenario), quiet);
      long start = System.nanoTime();
      Schedules.Failure failure = firstSeed == 0 ? null : schedules.run(scenario(), 0, 1);
      if (failure == null) {
        failure = schedules.run(scenario(), firstSeed, count);
      }
      long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
      System.out.println(
          scenario
              + ": "
              + (failure == null ? count + " schedules" : "fails by seed " + failure.seed())
              + ", "
              + schedules.steps()
              + " steps, "
              + millis
              + " ms");
      return failure;
    }
  }

  private Runnable scenario() throws ReflectiveOperationException {
    Class<?> scenarios = loader.loadClass(ScheduledScenarios.class.getName());
    Method valueOf = scenarios.getDeclaredMethod("valueOf", String.class);
    valueOf.setAccessible(true);
    return (Runnable) valueOf.invoke(null, scenario);
  }
}
