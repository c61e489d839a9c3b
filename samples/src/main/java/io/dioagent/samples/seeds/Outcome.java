package io.dioagent.samples.seeds;

import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import jdk.jfr.consumer.RecordedEvent;

/**
 * What one run of a sample left.
 *
 * @param happened what it printed for reading
 * @param facts what it observed
 * @param events those of ours in its recording, in the order of time
 */
record Outcome(List<String> happened, Map<String, Long> facts, List<RecordedEvent> events) {

  /**
   * A fact.
   *
   * @throws IllegalStateException if it was not told
   */
  long fact(String key) {
    Long value = facts.get(key);
    if (value == null) {
      throw new IllegalStateException("fact " + key + " is missing, told were " + facts);
    }
    return value;
  }

  /** The events of a name, without the package. */
  List<RecordedEvent> events(String name) {
    return events(name, event -> true);
  }

  /** Those of them that meet a condition. */
  List<RecordedEvent> events(String name, Predicate<RecordedEvent> condition) {
    return events.stream()
        .filter(event -> Events.nameOf(event).equals(name))
        .filter(condition)
        .toList();
  }

  /** How many there are of a name. */
  int count(String name) {
    return events(name).size();
  }
}
