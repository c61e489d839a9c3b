package io.dioagent.samples.stress;

import io.dioagent.runtime.api.FilePolicy;
import io.dioagent.runtime.api.OnLost;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Configurations of small verified runs on one file of 64 records. */
final class Runs {
  static final int RECORD_BYTES = 8192;
  static final int RECORDS = 64;

  private Runs() {}

  static StressConfig config(Path file, Api api, List<Stage> stages, String... faults) {
    return config(file, api, stages, FilePolicy.DEFAULT, Duration.ofMinutes(1), faults);
  }

  /** Returns a run in which lost writes never end. */
  static StressConfig impatient(Path file, Api api) {
    return config(
        file,
        api,
        List.of(Stage.WRITE),
        FilePolicy.DEFAULT.withDeadline(Duration.ofMillis(100)).withOnLost(OnLost.REPORT),
        Duration.ofSeconds(2));
  }

  private static StressConfig config(
      Path file,
      Api api,
      List<Stage> stages,
      FilePolicy policy,
      Duration patience,
      String... faults) {
    return new StressConfig(
        List.of(file),
        new StressConfig.Shape(
            (long) RECORDS * RECORD_BYTES, RECORD_BYTES, api == Api.QUEUE ? 4 : 1, 2),
        stages,
        new StressConfig.Access(api, false, false, policy, List.of(faults)),
        new StressConfig.Limits(Duration.ZERO, Duration.ZERO, false, 1000, patience),
        true,
        42);
  }
}
