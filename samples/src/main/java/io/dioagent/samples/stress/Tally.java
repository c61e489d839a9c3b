package io.dioagent.samples.stress;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** The counters of all threads. Thread-safe. */
final class Tally {
  final LongAdder issued = new LongAdder();
  final LongAdder ended = new LongAdder();
  final LongAdder bytes = new LongAdder();
  final LongAdder failed = new LongAdder();
  final LongAdder lost = new LongAdder();
  final LongAdder shortWrites = new LongAdder();
  final LongAdder duplicate = new LongAdder();
  final LongAdder unknown = new LongAdder();
  final LongAdder differingBytes = new LongAdder();
  private final Map<String, LongAdder> errors = new ConcurrentHashMap<>();

  void error(int errno) {
    errors.computeIfAbsent(Errors.name(errno), name -> new LongAdder()).increment();
  }

  /** Returns the counts by the name of the errno. */
  Map<String, Long> errors() {
    Map<String, Long> counts = new TreeMap<>();
    errors.forEach((name, count) -> counts.put(name, count.sum()));
    return counts;
  }

  long errorCount() {
    return errors.values().stream().mapToLong(LongAdder::sum).sum();
  }
}
