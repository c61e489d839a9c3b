package io.dioagent.jmc.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Finds the operations of one JVM that had not ended when its recordings ended: those of the last
 * round of {@code InFlight}, if the last {@code RuntimeStatistics} counts any.
 */
final class InFlightAtEnd {
  /** Limits the time between the events of one round, which one thread records. */
  private static final long ROUND_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  /** Limits the time from the last round to the end, if rounds are a second apart. */
  private static final long LATEST_NANOS = TimeUnit.MILLISECONDS.toNanos(2500);

  private final List<Row> rows = new ArrayList<>();
  private final Map<Key, Row> withStack = new HashMap<>();
  private Row lastSample;
  private long lastNanos;

  /** Identifies an operation: one that waits to become a request has no id yet. */
  private record Key(long id, String path, long offset, String thread) {
    static Key of(Row row) {
      return new Key(
          row.number("requestId"), row.text("path"), row.number("offset"), row.text("submitter"));
    }
  }

  /** Adds an event {@code InFlight}. */
  void add(Row row) {
    rows.add(row);
    lastNanos = Math.max(lastNanos, row.startNanos());
    if (row.text("submitterStack") != null) {
      withStack.merge(
          Key.of(row), row, (one, other) -> one.startNanos() > other.startNanos() ? one : other);
    }
  }

  /** Adds an event {@code RuntimeStatistics}. */
  void addSample(Row row) {
    if (lastSample == null || row.startNanos() > lastSample.startNanos()) {
      lastSample = row;
    }
  }

  /** Returns whether the recordings show what was in flight at their end. */
  boolean isKnown() {
    return lastSample != null || !rows.isEmpty();
  }

  /** Returns how many were older than a second, or of unknown age. */
  long count(long endNanos) {
    if (lastSample == null) {
      return rows(endNanos).size();
    }
    return lastSample.number(lastSample.has("oldInFlight") ? "oldInFlight" : "inFlight");
  }

  /** Returns how many I/Os were under way, where none is old. */
  long young(long endNanos) {
    return lastSample == null || count(endNanos) > 0 ? 0 : lastSample.number("inFlight");
  }

  /** Returns the events of the last round, the oldest operation first; of many not all. */
  List<Row> rows(long endNanos) {
    boolean ended = lastSample != null && lastSample.number("oldInFlight") == 0;
    long seenNanos = lastSample == null ? endNanos : lastSample.startNanos();
    if (ended || seenNanos - lastNanos > LATEST_NANOS) {
      return List.of();
    }
    return rows.stream()
        .filter(row -> lastNanos - row.startNanos() < ROUND_NANOS)
        .sorted(Comparator.comparingLong((Row row) -> row.number("ageNanos")).reversed())
        .toList();
  }

  /** Returns the latest event of the same operation with a stack; the event if there is none. */
  Row withStack(Row row) {
    return withStack.getOrDefault(Key.of(row), row);
  }
}
