package io.dioagent.jmc.rules;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.openjdk.jmc.common.util.IPreferenceValueProvider;
import org.openjdk.jmc.flightrecorder.rules.Severity;

/** Faults that were asked for: whoever reads the recording has to know first. */
public final class InjectedFaultsRule extends DioRule {

  /** By the service loader. */
  public InjectedFaultsRule() {
    super("InjectedFaults", "Injected Faults", Topics.FAULTS, List.of(), EventKind.FAULT_INJECTED);
  }

  @Override
  Finding find(DioRecording recording, IPreferenceValueProvider preferences) {
    List<String> asked = recording.options().all("fault");
    List<DioEvent> injected = recording.list(EventKind.FAULT_INJECTED);
    if (injected.isEmpty() && asked.isEmpty()) {
      return Finding.ok("No faults were injected.");
    }
    if (injected.isEmpty()) {
      return new Finding(
          Severity.INFO,
          "Faults were asked for, and none struck: " + faults(asked) + ".",
          "Nothing was written in the recorded time that they apply to.",
          "See whether their path, tag and offset are those of what is written, and whether count"
              + " was used up before the recording began.");
    }
    Map<String, Long> counts =
        injected.stream()
            .collect(
                Collectors.groupingBy(
                    event -> event.text(Fields.FAULT), TreeMap::new, Collectors.counting()));
    return new Finding(
        Severity.INFO,
        Text.count(injected.size(), "fault")
            + " struck that had been asked for: "
            + Places.first(injected)
            + ".",
        "What else the recording tells of the same requests was made on purpose: "
            + Places.few(
                List.copyOf(counts.entrySet()),
                entry -> entry.getValue() + " times " + Text.recorded(entry.getKey()))
            + ".",
        "Nothing, if this was a test. Else take the option fault out of the agent's options.");
  }

  private static String faults(List<String> asked) {
    return Places.few(asked, Text::recorded);
  }
}
