package io.dioagent.jmc.rules;

import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmc.common.util.IPreferenceValueProvider;
import org.openjdk.jmc.flightrecorder.rules.Severity;

/** Completions that came twice, or for what nobody had asked: a defect below the runtime. */
public final class DuplicateCompletionsRule extends DioRule {

  /** By the service loader. */
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
      return Finding.ok("Every completion was for one request that waited for it.");
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
        "They were dropped: no caller saw them and no buffer was given back twice. Each is a byte"
            + " count told twice, or a buffer freed under somebody, for whoever keeps no ledger: "
            + Places.list(both, DuplicateCompletionsRule::remark)
            + "."
            + faults.remark(both),
        "Something below the agent is defective: the kernel, a driver, or another user of the same"
            + " AIO context. Report it to whoever maintains that, with this recording. The option"
            + " engine=pwrite does without completions meanwhile.");
  }

  private static String remark(DioEvent event) {
    String error = event.text(Fields.ERRNO_NAME);
    return error.isEmpty() ? "with " + Text.bytes(event.bytes(Fields.RESULT)) : "with " + error;
  }
}
