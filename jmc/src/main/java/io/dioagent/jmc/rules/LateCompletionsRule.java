package io.dioagent.jmc.rules;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmc.common.util.IPreferenceValueProvider;
import org.openjdk.jmc.flightrecorder.rules.Severity;

/**
 * Finds requests that ended after their deadline: the device is slow, or the deadline too short.
 */
public final class LateCompletionsRule extends DioRule {

  /** Called by the service loader. */
  public LateCompletionsRule() {
    super(
        "LateCompletions",
        "Late Completions",
        Topics.COMPLETIONS,
        List.of(),
        EventKind.LATE_COMPLETION);
  }

  @Override
  Finding find(DioRecording recording, IPreferenceValueProvider preferences) {
    List<DioEvent> late = recording.list(EventKind.LATE_COMPLETION);
    if (late.isEmpty()) {
      return Finding.ok("No request ended after its deadline.");
    }
    long undelivered = late.stream().filter(event -> !event.flag(Fields.DELIVERED)).count();
    long oldestNanos = late.stream().mapToLong(event -> event.nanos(Fields.AGE)).max().orElse(0);
    Faults faults = recording.faults();
    return new Finding(
        faults.severity(late, undelivered > 0 ? Severity.WARNING : Severity.INFO),
        Text.count(late.size(), "request")
            + " ended after the deadline, the oldest after "
            + Text.time(oldestNanos)
            + ": "
            + Places.first(late)
            + ".",
        "No completion was lost; the device was slow: "
            + Places.list(late, event -> "after " + Text.time(event.nanos(Fields.AGE)))
            + ". "
            + (undelivered == 0
                ? "Their callers were still waiting, and got the result."
                : undelivered
                    + " of their callers had already received an error, although the bytes may have"
                    + " reached the file.")
            + faults.remark(late),
        "If the device may be that slow, deadline="
            + secondsAbove(oldestNanos)
            + "s would have been long enough. If not, find out what it does in that time: other"
            + " load, retries in the kernel's log, a cache flush.");
  }

  /** Returns one and a half times the duration, in whole seconds. */
  private static long secondsAbove(long nanos) {
    return TimeUnit.NANOSECONDS.toSeconds(nanos + nanos / 2) + 1;
  }
}
