package io.dioagent.jmc.rules;

import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Finds the operations that were in flight when a recording ended, if they were old. */
final class InFlightAtEnd {
  /** Limits the time between the events of one round, which one thread records. */
  private static final long ROUND_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  /** Limits the time from the last round to the end, if rounds are a second apart. */
  private static final long LATEST_NANOS = TimeUnit.MILLISECONDS.toNanos(2500);

  /** In the reason of an operation whose submission the kernel holds. */
  private static final String TO_RETURN = " to return";

  private InFlightAtEnd() {}

  /** Returns their events of the last round, the oldest operation first. */
  static List<DioEvent> of(DioRecording recording) {
    List<DioEvent> all = recording.list(EventKind.IN_FLIGHT);
    if (all.isEmpty()) {
      return all;
    }
    long lastNanos = all.get(all.size() - 1).startNanos();
    List<DioEvent> samples = recording.list(EventKind.RUNTIME_STATISTICS);
    if (!samples.isEmpty()) {
      DioEvent sample = samples.get(samples.size() - 1);
      if (sample.count(Fields.OLD_IN_FLIGHT) == 0
          || sample.startNanos() - lastNanos > LATEST_NANOS) {
        return List.of();
      }
    } else if (recording.endNanos() - lastNanos > LATEST_NANOS) {
      return List.of();
    }
    return all.stream()
        .filter(event -> lastNanos - event.startNanos() < ROUND_NANOS)
        .sorted(Comparator.comparingLong((DioEvent event) -> -event.nanos(Fields.AGE)))
        .toList();
  }

  /** Whether an operation waits for a submission that the kernel has not returned from. */
  static boolean isSubmission(DioEvent event) {
    return event.text(Fields.REASON).endsWith(TO_RETURN);
  }

  /** Describes one, after its place. */
  static String remark(DioEvent event) {
    return event.text(Fields.OPERATION)
        + " by thread "
        + event.text(Fields.SUBMITTER)
        + ", for "
        + Text.time(event.nanos(Fields.AGE))
        + ", waiting for "
        + event.text(Fields.REASON);
  }
}
