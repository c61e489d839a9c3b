package io.dioagent.jmc.rules;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmc.common.util.IPreferenceValueProvider;
import org.openjdk.jmc.flightrecorder.rules.Severity;

/** Requests that passed their deadline and ended after all: slow, or the deadline is too short. */
public final class LateCompletionsRule extends DioRule {

  /** By the service loader. */
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
        "Nothing was dropped below, it was slow: "
            + Places.list(late, event -> "after " + Text.time(event.nanos(Fields.AGE)))
            + ". "
            + (undelivered == 0
                ? "Their callers still waited, and got the result."
                : undelivered
                    + " of them had been given up: their callers were told an error, although the"
                    + " bytes may have reached the file.")
            + faults.remark(late),
        "If the device may be as slow as that, a deadline="
            + secondsAbove(oldestNanos)
            + "s would have been long enough. If not, find out what it does in that time: other"
            + " load, retries in the kernel's log, a cache that is flushed.");
  }

  /** Half as much again, in whole seconds. */
  private static long secondsAbove(long nanos) {
    return TimeUnit.NANOSECONDS.toSeconds(nanos + nanos / 2) + 1;
  }
}
