package io.dioagent.jmc.rules;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.openjdk.jmc.flightrecorder.rules.Severity;

/** What was made to go wrong on purpose, by the option {@code fault}. Immutable. */
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

  /** Whether the request of an event was struck. */
  boolean struck(DioEvent event) {
    return byRequest.containsKey(event.requestId());
  }

  /** How bad these events are: what was all made on purpose is no more than a fact. */
  Severity severity(List<DioEvent> events, Severity severity) {
    boolean onPurpose = events.stream().allMatch(this::struck);
    return onPurpose && severity == Severity.WARNING ? Severity.INFO : severity;
  }

  /** A sentence, with a blank before it, on which of these were made on purpose; may be empty. */
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
    String who = struck.size() + " of " + events.size();
    return " Injected on purpose: "
        + who
        + ", by "
        + Places.few(new ArrayList<>(faults), Function.identity())
        + ".";
  }
}
