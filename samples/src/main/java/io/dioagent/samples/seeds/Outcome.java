package io.dioagent.samples.seeds;

import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import jdk.jfr.consumer.RecordedEvent;

/**
 * The output of one run of a sample.
 *
 * @param happened the lines for reading
 * @param facts the numbers that it observed
 * @param events the runtime's events in its recording, in the order of time
 */
record Outcome(List<String> happened, Map<String, Long> facts, List<RecordedEvent> events) {

  /**
   * Returns a fact.
   *
   * @throws IllegalStateException if it was not reported
   */
  long fact(String key) {
    Long value = facts.get(key);
    if (value == null) {
      throw new IllegalStateException("fact " + key + " is missing, reported were " + facts);
    }
    return value;
  }

  /** Returns the events of a name, without the package. */
  List<RecordedEvent> events(String name) {
    return events(name, event -> true);
  }

  /** Returns the events of a name that meet a condition. */
  List<RecordedEvent> events(String name, Predicate<RecordedEvent> condition) {
    return events.stream()
        .filter(event -> Events.nameOf(event).equals(name))
        .filter(condition)
        .toList();
  }

  /** Returns the number of events of a name. */
  int count(String name) {
    return events(name).size();
  }
}
