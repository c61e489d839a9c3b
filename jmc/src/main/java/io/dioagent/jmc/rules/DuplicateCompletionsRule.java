package io.dioagent.jmc.rules;

import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmc.common.util.IPreferenceValueProvider;
import org.openjdk.jmc.flightrecorder.rules.Severity;

/** Finds completions that came twice or without a request: a defect below the runtime. */
public final class DuplicateCompletionsRule extends DioRule {

  /** Called by the service loader. */
  public DuplicateCompletionsRule() {
    super(
        "DuplicateCompletions",
        "Duplicate or Unknown Completions",
        Topics.COMPLETIONS,
        List.of(),
        EventKind.DUPLICATE_COMPLETION,
        EventKind.UNKNOWN_COMPLETION);
  }

  @Override
  Finding find(DioRecording recording, IPreferenceValueProvider preferences) {
    List<DioEvent> duplicates = recording.list(EventKind.DUPLICATE_COMPLETION);
    List<DioEvent> unknown = recording.list(EventKind.UNKNOWN_COMPLETION);
    List<DioEvent> both = new ArrayList<>(duplicates);
    both.addAll(unknown);
    if (both.isEmpty()) {
      return Finding.ok("Every completion belonged to one request in flight.");
    }
    Faults faults = recording.faults();
    return new Finding(
        faults.severity(both, Severity.WARNING),
        Text.count(duplicates.size(), "completion")
            + " came twice, "
            + unknown.size()
            + " for requests that were never made: "
            + Places.first(both)
            + ".",
        "The runtime dropped them: no caller saw them, and no buffer was released twice. Without"
            + " its ledger a byte count would be returned twice, or a buffer freed while in use: "
            + Places.list(both, DuplicateCompletionsRule::remark)
            + "."
            + faults.remark(both),
        "A component below the agent is defective: the kernel, a driver, or another user of the"
            + " same AIO context. Report it to its maintainers, with this recording. Until then,"
            + " engine=pwrite works without completions.");
  }

  private static String remark(DioEvent event) {
    String error = event.text(Fields.ERRNO_NAME);
    return error.isEmpty() ? "with " + Text.bytes(event.bytes(Fields.RESULT)) : "with " + error;
  }
}
