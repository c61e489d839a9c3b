package io.dioagent.jmc.rules;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.openjdk.jmc.common.util.IPreferenceValueProvider;
import org.openjdk.jmc.flightrecorder.rules.Severity;

/** Requests that passed their deadline and never ended: the device or a driver hangs or forgot. */
public final class LostCompletionsRule extends DioRule {

  private static final String OBSERVED =
      "With mode=observe the agent only looked on: the callers still wait.";

  private static final String REDIRECTED =
      "With on-lost=fail the callers got an IOException, and with on-lost=report they still wait."
          + " Buffers of requests that were begun stay taken, for the kernel may still read them,"
          + " and their bytes may or may not reach the file.";

  /** By the service loader. */
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
        "By the end of the recording nothing had been heard of what was asked for here, each time"
            + " longer than its deadline of "
            + Text.time(lost.get(0).nanos(Fields.DEADLINE))
            + ": "
            + Places.list(lost, LostCompletionsRule::remark)
            + ". "
            + (recording.options().isObserving() ? OBSERVED : REDIRECTED)
            + faults.remark(lost),
        "Look for time-outs, resets and hung tasks of the device in the kernel's log (dmesg), and"
            + " at what lies between it and the file, such as multipath, encryption or a network;"
            + " a frozen file system (fsfreeze) does the same. The event's Submitter Stack has the"
            + " application's own call. A request that was not started waited for memory or"
            + " threads that others hold.");
  }

  private static String remark(DioEvent event) {
    return event.text(Fields.REASON)
        + ", after "
        + Text.time(event.nanos(Fields.AGE))
        + ", by thread "
        + event.text(Fields.SUBMITTER);
  }
}
