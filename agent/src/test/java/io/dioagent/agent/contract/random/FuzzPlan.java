package io.dioagent.agent.contract.random;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * How many random operations are done where, and with which modes.
 *
 * <pre>
 * -Ddio.fuzz.operations=200000     as many for each file system and mode, all with all
 * -Ddio.fuzz.seeds=1,2,3           spread over these seeds
 * </pre>
 *
 * <p>Without, it is a short one: some 6,000 in all, each file system and each mode once, and a seed
 * that is a new one each time and printed.
 */
final class FuzzPlan {
  /** Names no write mode: it is auto. */
  private static final String BY_DEFAULT = "";

  // The values of the agent's options; the first of each is its default.

  private static final List<String> ENGINES =
      List.of("engine=auto", "engine=io_uring", "engine=pwrite");
  private static final List<String> WRITES = List.of(BY_DEFAULT, "write=sync", "write=pipelined");
  private static final List<String> READS = List.of("read=buffered", "read=direct");

  private static final int SHORT_OPERATIONS = 4_000;

  private static final Integer OPERATIONS = Integer.getInteger("dio.fuzz.operations");

  private FuzzPlan() {}

  /** One of the file systems with modes of the agent. */
  record Setting(FuzzPlace place, String options) {
    /** Whether all writes go direct where they can. */
    boolean writesDirect() {
      return options.contains("write=");
    }

    @Override
    public String toString() {
      return place + " " + options;
    }
  }

  static List<Long> seeds() {
    String given = System.getProperty("dio.fuzz.seeds");
    if (given == null) {
      return List.of((long) new SplittableRandom().nextInt(1_000_000_000));
    }
    return Arrays.stream(given.split(",", -1)).map(Long::valueOf).toList();
  }

  /**
   * All with all; or, for the short one, all places with the default, and all modes on disk. Few
   * writes of the default use an engine: in the short one it goes with the default engine only.
   */
  static List<Setting> settings() {
    List<Setting> settings = new ArrayList<>();
    for (String engine : ENGINES) {
      boolean defaultEngine = engine.equals(ENGINES.get(0));
      for (String write : WRITES) {
        boolean omitted = write.equals(BY_DEFAULT) && !defaultEngine;
        for (String read : READS) {
          boolean byDefault =
              defaultEngine && write.equals(WRITES.get(0)) && read.equals(READS.get(0));
          for (FuzzPlace place : FuzzPlace.values()) {
            boolean isShort = byDefault || (place == FuzzPlace.DISK && !omitted);
            if (OPERATIONS != null || isShort) {
              String mode = write.equals(BY_DEFAULT) ? "" : write + ",";
              settings.add(new Setting(place, engine + "," + mode + read));
            }
          }
        }
      }
    }
    return settings;
  }

  /** Of one seed, by one thread or by several: half of them each. */
  static int operationsOfRun() {
    int ofSetting = OPERATIONS != null ? OPERATIONS : SHORT_OPERATIONS / settings().size();
    return ofSetting / seeds().size() / 2;
  }
}
