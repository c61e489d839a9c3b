package io.dioagent.samples.stress;

import io.dioagent.runtime.api.FilePolicy;
import io.dioagent.runtime.api.OnLost;
import io.dioagent.runtime.fault.FaultKind;
import io.dioagent.runtime.fault.FaultRule;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * A run with random faults, derived from a seed: kinds of faults, sizes, depth, API and stages.
 * Eight threads write a file of a few MiB at most, with deadlines that delays exceed.
 */
public final class Schedule {
  private static final int THREADS = 8;
  private static final int SECTOR_BYTES = SectorStamp.SECTOR_BYTES;
  private static final int LARGEST_FILE_BYTES = 4 << 20;

  private final SplittableRandom random;
  private final long deadlineMillis;

  private Schedule(long seed) {
    random = new SplittableRandom(seed);
    deadlineMillis = random.nextInt(50, 201);
  }

  /** Returns the run of a seed, which does not depend on the file. */
  public static StressConfig of(long seed, Path file) {
    return new Schedule(seed).config(seed, file);
  }

  private StressConfig config(long seed, Path file) {
    Api api = oneIn(2) ? Api.QUEUE : Api.SYNC;
    boolean aligned = api == Api.QUEUE || oneIn(2);
    int recordBytes =
        aligned
            ? StressConfig.PAGE_BYTES * random.nextInt(1, 9)
            : SECTOR_BYTES * random.nextInt(1, 50);
    long records = Math.min(random.nextInt(64, 257), LARGEST_FILE_BYTES / recordBytes);
    List<String> faults = faults(records * recordBytes);
    // Without FAIL, a caller would wait for ever for a write lost for good.
    boolean loses = faults.stream().anyMatch(rule -> kindOf(rule) == FaultKind.LOSE);
    return new StressConfig(
        List.of(file),
        new StressConfig.Shape(
            records * recordBytes,
            recordBytes,
            api == Api.QUEUE ? random.nextInt(1, 17) : 1,
            THREADS),
        stages(),
        new StressConfig.Access(
            api,
            false,
            oneIn(8),
            FilePolicy.DEFAULT
                .withDeadline(Duration.ofMillis(deadlineMillis))
                .withOnLost(!loses && oneIn(4) ? OnLost.REPORT : OnLost.FAIL),
            faults),
        new StressConfig.Limits(
            Duration.ZERO,
            Duration.ofMillis(oneIn(2) ? 0 : random.nextInt(1, 50)),
            false,
            StressConfig.Limits.DEFAULT.maxErrors(),
            StressConfig.Limits.DEFAULT.patience()),
        true,
        seed);
  }

  private static FaultKind kindOf(String rule) {
    return FaultRule.parse(rule).kind();
  }

  private boolean oneIn(int count) {
    return random.nextInt(count) == 0;
  }

  private List<Stage> stages() {
    List<Stage> stages = new ArrayList<>();
    stages.add(Stage.WRITE);
    Stage[] all = Stage.values();
    int more = random.nextInt(1, 4);
    for (int i = 0; i < more; i++) {
      stages.add(all[random.nextInt(all.length)]);
    }
    return stages;
  }

  private List<String> faults(long fileBytes) {
    FaultKind[] kinds = FaultKind.values();
    List<String> rules = new ArrayList<>();
    int count = random.nextInt(1, 5);
    for (int i = 0; i < count; i++) {
      rules.add(fault(kinds[random.nextInt(kinds.length)], fileBytes));
    }
    return rules;
  }

  private String fault(FaultKind kind, long fileBytes) {
    StringBuilder rule = new StringBuilder(kind.option());
    boolean takesTime =
        switch (kind) {
          case DELAY, LATE, LOSE, SUBMIT_BLOCK -> true;
          default -> false;
        };
    if (oneIn(3)) {
      long from = random.nextLong(fileBytes);
      rule.append(":offset=").append(from).append('-').append(random.nextLong(from, fileBytes) + 1);
    }
    rule.append(String.format(Locale.ROOT, ":rate=%.3f", Math.pow(10, -3 * random.nextDouble())));
    rule.append(":count=").append(takesTime ? random.nextInt(1, 9) : random.nextInt(1, 400));
    rule.append(":seed=").append(random.nextInt(1_000_000));
    if (takesTime && kind != FaultKind.LOSE) {
      // From well below to well above the deadline.
      rule.append(":for=").append(random.nextLong(10, 3 * deadlineMillis)).append("ms");
    }
    return rule.toString();
  }
}
