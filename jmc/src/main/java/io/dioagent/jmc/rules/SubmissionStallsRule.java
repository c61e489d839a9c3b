package io.dioagent.jmc.rules;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.openjdk.jmc.common.util.IPreferenceValueProvider;
import org.openjdk.jmc.flightrecorder.rules.Severity;

/** Finds submissions that blocked their thread, although they should be asynchronous. */
public final class SubmissionStallsRule extends DioRule {
  /** A shorter total is usual where files grow, and is not reported. */
  private static final long NOTICED_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  /** From this duration of one stall the rule warns. */
  private static final long LONG_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** From this share of the recording in stalls the rule warns. */
  private static final double LARGE_SHARE = 0.1;

  /** Called by the service loader. */
  public SubmissionStallsRule() {
    super(
        "SubmissionStalls",
        "Submission Stalls",
        Topics.LATENCY,
        List.of(),
        EventKind.SUBMISSION_STALL);
  }

  @Override
  Finding find(DioRecording recording, IPreferenceValueProvider preferences) {
    List<DioEvent> held = held(recording);
    if (!held.isEmpty()) {
      return notReturned(held, recording.faults());
    }
    List<DioEvent> stalls = recording.list(EventKind.SUBMISSION_STALL);
    long totalNanos = stalls.stream().mapToLong(event -> event.nanos(Fields.STALL)).sum();
    if (totalNanos < NOTICED_NANOS) {
      return Finding.ok(
          stalls.isEmpty()
              ? "Each submission returned at once."
              : "Submissions returned at once, except for "
                  + Text.time(totalNanos)
                  + " in "
                  + Text.count(stalls.size(), "stall")
                  + ".");
    }
    long longestNanos =
        stalls.stream().mapToLong(event -> event.nanos(Fields.STALL)).max().orElse(0);
    double share = (double) totalNanos / Math.max(totalNanos, recording.spanNanos());
    boolean bad = longestNanos >= LONG_NANOS || share >= LARGE_SHARE;
    Faults faults = recording.faults();
    return new Finding(
        faults.severity(stalls, bad ? Severity.WARNING : Severity.INFO),
        Text.count(stalls.size(), "submission")
            + " held up for "
            + Text.time(totalNanos)
            + " in all, the longest for "
            + Text.time(longestNanos)
            + ": "
            + Places.first(stalls)
            + ".",
        "io_submit should return before the device has done anything. Here it did not: "
            + Places.list(stalls, event -> Text.time(event.nanos(Fields.STALL)))
            + ". The device's queue was full, the file system was frozen, or the writes extended"
            + " the file or filled holes, which most file systems do one after the other. Callers"
            + " are still released at their deadline, but no I/O of a write is in flight meanwhile."
            + faults.remark(stalls),
        "If the file grows, allocate it once and write over it, or write larger pieces. Otherwise"
            + " look for other load on the device, for snapshots that freeze the file system, and"
            + " for a device that hangs (dmesg). A lower queue-depth keeps the queue of a slow"
            + " device from filling up.");
  }

  /** Returns what was in a submission when the recording ended: a stall is recorded at its end. */
  private static List<DioEvent> held(DioRecording recording) {
    List<DioEvent> held = new ArrayList<>(InFlightAtEnd.of(recording));
    held.removeIf(event -> !InFlightAtEnd.isSubmission(event));
    if (!held.isEmpty()) {
      return held;
    }
    // Without the events of what is in flight, a loss that has had no end.
    Set<Long> ended =
        Stream.of(EventKind.LATE_COMPLETION, EventKind.SUBMISSION_STALL)
            .flatMap(recording::stream)
            .map(DioEvent::requestId)
            .collect(Collectors.toSet());
    return recording.list(EventKind.LOST_COMPLETION).stream()
        .filter(InFlightAtEnd::isSubmission)
        .filter(event -> event.flag(Fields.PENDING) && !ended.contains(event.requestId()))
        .toList();
  }

  private static Finding notReturned(List<DioEvent> held, Faults faults) {
    long oldestNanos = held.stream().mapToLong(event -> event.nanos(Fields.AGE)).max().orElse(0);
    return new Finding(
        faults.severity(held, Severity.WARNING),
        Text.count(held.size(), "submission")
            + " had not returned when last seen, the oldest after "
            + Text.time(oldestNanos)
            + ": "
            + Places.first(held)
            + ".",
        "io_submit should return before the device has done anything. The kernel still held its"
            + " thread: "
            + Places.list(held, event -> "after " + Text.time(event.nanos(Fields.AGE)))
            + ". The device's queue is full, or the file system is frozen."
            + faults.remark(held),
        "Look for snapshots that freeze the file system (fsfreeze), and for a device that hangs"
            + " (dmesg).");
  }
}
