package io.dioagent.jmc.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;

/**
 * The bad events of one JVM. All are counted, in total and by time. Only the first ones of each
 * kind are kept for the list, so that the page stays readable.
 */
final class BadEvents {
  /** Only this many events of a kind are listed: the first ones. */
  static final int LISTED_OF_A_KIND = 1000;

  private final TimeGrid grid;
  private final Map<BadKind, PriorityQueue<BadEvent>> first = new EnumMap<>(BadKind.class);
  private final Map<BadKind, long[]> countsByTime = new EnumMap<>(BadKind.class);
  private final Map<BadKind, Long> counts = new EnumMap<>(BadKind.class);
  private final Map<String, Long> errors = new TreeMap<>();
  private final Map<Request, Row> lost = new HashMap<>();
  private final Map<Request, String> faultsByRequest = new HashMap<>();
  private long faults;

  /**
   * Identifies a request. Ids begin anew when the agent is attached again, so it has the file, too.
   */
  private record Request(long id, String path) {
    static Request of(Row row) {
      return new Request(row.number("requestId"), VisibleText.line(row.text("path")));
    }

    static Request of(BadEvent event) {
      return new Request(event.requestId(), event.path());
    }
  }

  BadEvents(TimeGrid grid) {
    this.grid = grid;
  }

  void add(BadKind kind, Row row, long atNanos) {
    if (kind == BadKind.LOST) {
      lost.put(Request.of(row), row);
    }
    add(kind, row, row, atNanos);
  }

  /** Adds an operation that had not ended, unless it is listed as lost. */
  void addInFlight(Row row, Row withStack, long atNanos) {
    if (!lost.containsKey(Request.of(row))) {
      add(BadKind.IN_FLIGHT, row, withStack, atNanos);
    }
  }

  private void add(BadKind kind, Row row, Row withStack, long atNanos) {
    counts.merge(kind, 1L, Long::sum);
    countsByTime.computeIfAbsent(kind, none -> new long[grid.buckets()])[grid.bucket(atNanos)]++;
    if (kind == BadKind.ERROR || kind == BadKind.FAILED_FORCE) {
      errors.merge(String.valueOf(VisibleText.line(row.text("errnoName"))), 1L, Long::sum);
    }
    PriorityQueue<BadEvent> listed =
        first.computeIfAbsent(
            kind,
            none -> new PriorityQueue<>(Comparator.comparingLong(BadEvent::atNanos).reversed()));
    if (listed.size() < LISTED_OF_A_KIND || row.endNanos() < listed.peek().atNanos()) {
      BadEvent event = BadEvent.of(kind, row);
      listed.add(
          withStack == row ? event : event.withSubmitter(event.thread(), StackText.of(withStack)));
      if (listed.size() > LISTED_OF_A_KIND) {
        listed.poll();
      }
    }
  }

  /** Adds an injected fault. */
  void addFault(Row row) {
    faults++;
    faultsByRequest.put(Request.of(row), VisibleText.line(row.text("fault")));
  }

  long count(BadKind kind) {
    return counts.getOrDefault(kind, 0L);
  }

  long faults() {
    return faults;
  }

  /** Returns the number of writes, reads and forces that ended with each error. */
  Map<String, Long> errors() {
    return errors;
  }

  /** Returns the counts of a kind by bucket; null if there are no events of it. */
  long[] byTime(BadKind kind) {
    return countsByTime.get(kind);
  }

  /**
   * Returns the fault that was injected into an event's request, as requested; null if none was.
   */
  String faultOf(BadEvent event) {
    return event.requestId() == 0 ? null : faultsByRequest.get(Request.of(event));
  }

  /** Returns the first of each kind, by time. Late ones get the stack of their loss. */
  List<BadEvent> listed() {
    List<BadEvent> all = new ArrayList<>();
    for (PriorityQueue<BadEvent> some : first.values()) {
      for (BadEvent event : some) {
        all.add(event.kind() == BadKind.LATE ? withSubmitter(event) : event);
      }
    }
    all.sort(Comparator.comparingLong(BadEvent::atNanos));
    return all;
  }

  private BadEvent withSubmitter(BadEvent late) {
    Row row = lost.get(Request.of(late));
    return row == null
        ? late
        : late.withSubmitter(VisibleText.line(row.text("submitter")), StackText.of(row));
  }
}
