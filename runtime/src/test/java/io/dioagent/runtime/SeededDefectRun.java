package io.dioagent.runtime;

import io.dioagent.runtime.schedule.ChangedLoader;
import io.dioagent.runtime.schedule.Schedules;
import io.dioagent.runtime.schedule.SeededDefect;

/**
 * Looks for one defect, and prints the seed that finds it. In a JVM of its own: threads of a
 * schedule that has failed stay where they are, with what they have locked.
 */
final class SeededDefectRun {
  /** Begins the line of a defect that is found. */
  static final String FOUND = "found by seed ";

  private SeededDefectRun() {}

  /** Takes the defect's name, the first seed and how many there are. */
  public static void main(String... arguments) throws Exception {
    SeededDefect defect = SeededDefect.valueOf(arguments[0]);
    ChangedLoader loader = defect.loader();
    Schedules.Failure failure =
        ScheduledRuns.of(defect.scenario(), loader)
            .run(Long.parseLong(arguments[1]), Integer.parseInt(arguments[2]));
    if (!loader.isChanged()) {
      System.out.println("the defect is not in the runtime: its method has another name");
    } else if (failure == null) {
      System.out.println("not found");
    } else if (failure.cause() instanceof LinkageError) {
      System.out.println("the changed class is not valid: " + failure.cause());
    } else {
      System.out.println(FOUND + failure.seed() + ": " + failure.cause());
    }
    Runtime.getRuntime().halt(0);
  }
}
