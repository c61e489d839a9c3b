package io.dioagent.jmc.rules;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.openjdk.jmc.common.util.IPreferenceValueProvider;
import org.openjdk.jmc.flightrecorder.rules.Severity;

/** Finds requests that never ended: the device or a driver hangs, or lost the completion. */
public final class LostCompletionsRule extends DioRule {

  private static final String OBSERVED =
      "With mode=observe the agent only observed: the callers are still waiting.";

  private static final String REDIRECTED =
      "With on-lost=fail the callers got an IOException, with on-lost=report they are still"
          + " waiting. Buffers of started requests stay in use, because the kernel may still read"
          + " them. Their bytes may or may not reach the file.";

  private static final String CHECKS =
      "Check the kernel's log (dmesg) for time-outs, resets and hung tasks of the device. Check the"
          + " layers between the device and the file, such as multipath, encryption or a network. A"
          + " frozen file system (fsfreeze) has the same effect.";

  /** Called by the service loader. */
  public LostCompletionsRule() {
    super(
        "LostCompletions",
        "Lost Completions",
        Topics.COMPLETIONS,
        List.of(),
        EventKind.LOST_COMPLETION);
  }

  @Override
  Finding find(DioRecording recording, IPreferenceValueProvider preferences) {
    List<DioEvent> overdue = recording.list(EventKind.LOST_COMPLETION);
    Set<Long> endedLate =
        recording.stream(EventKind.LATE_COMPLETION)
            .map(DioEvent::requestId)
            .collect(Collectors.toSet());
    List<DioEvent> lost =
        overdue.stream().filter(event -> !endedLate.contains(event.requestId())).toList();
    if (lost.isEmpty()) {
      List<DioEvent> inFlight = InFlightAtEnd.of(recording);
      if (!inFlight.isEmpty()) {
        return notEnded(inFlight);
      }
      return Finding.ok(
          overdue.isEmpty()
              ? "No request passed its deadline."
              : "All that passed their deadline ended after all: "
                  + Text.count(overdue.size(), "request")
                  + ".");
    }
    Faults faults = recording.faults();
    return new Finding(
        faults.severity(lost, Severity.WARNING),
        Text.count(lost.size(), "request") + " never ended: " + Places.first(lost) + ".",
        "These requests passed their deadline of "
            + Text.time(lost.get(0).nanos(Fields.DEADLINE))
            + ", and had not ended when the recording ended: "
            + Places.list(lost, LostCompletionsRule::remark)
            + ". "
            + (recording.options().isObserving() ? OBSERVED : REDIRECTED)
            + notPassed(lost)
            + faults.remark(lost),
        CHECKS
            + " The event's Submitter Stack has the application's call. A request that was not started waited for memory"
            + " or threads in use by other requests.");
  }

  /** Returns the finding on operations that had time left when the recording ended. */
  private static Finding notEnded(List<DioEvent> inFlight) {
    DioEvent oldest = inFlight.get(0);
    return new Finding(
        Severity.INFO,
        Text.count(inFlight.size(), "operation")
            + " had not ended when the recording ended, the oldest for "
            + Text.time(oldest.nanos(Fields.AGE))
            + " of "
            + Text.time(oldest.nanos(Fields.DEADLINE))
            + ": "
            + Places.first(inFlight)
            + ".",
        "None had passed its deadline yet: "
            + Places.list(inFlight, InFlightAtEnd::remark)
            + ". The recording cannot show whether they ended later.",
        "If the application hangs, this is where: the event In Flight has its stack. " + CHECKS);
  }

  /** Returns a sentence on requests that have ended, but have no late completion. */
  private static String notPassed(List<DioEvent> lost) {
    long count = lost.stream().filter(event -> event.denies(Fields.PENDING)).count();
    return count == 0
        ? ""
        : " Never passed to the kernel: "
            + count
            + " of "
            + lost.size()
            + ". These have ended: none of their bytes will reach the file, and no late completion"
            + " will come.";
  }

  private static String remark(DioEvent event) {
    return event.text(Fields.REASON)
        + ", after "
        + Text.time(event.nanos(Fields.AGE))
        + ", by thread "
        + event.text(Fields.SUBMITTER)
        + (event.denies(Fields.PENDING) ? ", never passed to the kernel" : "");
  }
}
