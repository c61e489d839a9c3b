package io.dioagent.jmc.rules;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.openjdk.jmc.flightrecorder.rules.Severity;

/** The faults injected on purpose, by the option {@code fault}. Immutable. */
final class Faults {
  private final Map<Long, List<DioEvent>> byRequest;

  private Faults(Map<Long, List<DioEvent>> byRequest) {
    this.byRequest = byRequest;
  }

  static Faults of(List<DioEvent> injected) {
    return new Faults(
        injected.stream()
            .filter(event -> event.requestId() != 0)
            .collect(Collectors.groupingBy(DioEvent::requestId)));
  }

  /** Returns whether a fault struck the request of an event. */
  boolean struck(DioEvent event) {
    return byRequest.containsKey(event.requestId());
  }

  /** Returns the severity, reduced to information if all events were caused on purpose. */
  Severity severity(List<DioEvent> events, Severity severity) {
    boolean onPurpose = events.stream().allMatch(this::struck);
    return onPurpose && severity == Severity.WARNING ? Severity.INFO : severity;
  }

  /**
   * Returns a sentence, after a blank, on the events caused on purpose; empty if there are none.
   */
  String remark(List<DioEvent> events) {
    List<DioEvent> struck = events.stream().filter(this::struck).toList();
    if (struck.isEmpty()) {
      return "";
    }
    TreeSet<String> faults = new TreeSet<>();
    for (DioEvent event : struck) {
      for (DioEvent injected : byRequest.get(event.requestId())) {
        faults.add("fault=" + Text.recorded(injected.text(Fields.FAULT)));
      }
    }
    return " Injected on purpose: "
        + struck.size()
        + " of "
        + events.size()
        + ", by "
        + Places.few(new ArrayList<>(faults), Function.identity())
        + ".";
  }
}
