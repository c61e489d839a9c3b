package io.dioagent.jmc.rules;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.openjdk.jmc.common.util.IPreferenceValueProvider;
import org.openjdk.jmc.flightrecorder.rules.Severity;

/** Reports injected faults, which a reader of the recording has to know first. */
public final class InjectedFaultsRule extends DioRule {

  /** Called by the service loader. */
  public InjectedFaultsRule() {
    super("InjectedFaults", "Injected Faults", Topics.FAULTS, List.of(), EventKind.FAULT_INJECTED);
  }

  @Override
  Finding find(DioRecording recording, IPreferenceValueProvider preferences) {
    List<String> requested = recording.options().all("fault");
    List<DioEvent> injected = recording.list(EventKind.FAULT_INJECTED);
    if (injected.isEmpty() && requested.isEmpty()) {
      return Finding.ok("No faults were injected.");
    }
    if (injected.isEmpty()) {
      return new Finding(
          Severity.INFO,
          "Faults were requested, and none struck: " + Places.few(requested, Text::recorded) + ".",
          "No write that they apply to was made in the recorded time.",
          "Check whether their path, tag and offset match the writes, and whether count was used up"
              + " before the recording began.");
    }
    Map<String, Long> counts =
        injected.stream()
            .collect(
                Collectors.groupingBy(
                    event -> event.text(Fields.FAULT), TreeMap::new, Collectors.counting()));
    return new Finding(
        Severity.INFO,
        Text.count(injected.size(), "requested fault") + " struck: " + Places.first(injected) + ".",
        "All other events of the same requests were caused on purpose: "
            + Places.few(
                List.copyOf(counts.entrySet()),
                entry -> entry.getValue() + " times " + Text.recorded(entry.getKey()))
            + ".",
        "Nothing, if this was a test. Otherwise remove the option fault from the agent's options.");
  }
}
