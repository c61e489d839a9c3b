package io.dioagent.jmc.report;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The kinds of bad events, the worst first. */
enum BadKind {
  LOST("LostCompletion", "Lost"),
  /** The last event of an operation that did not end; the earlier ones are not bad. */
  IN_FLIGHT("InFlight", "Not ended"),
  DUPLICATE("DuplicateCompletion", "Duplicate"),
  UNKNOWN("UnknownCompletion", "Unknown"),
  ERROR("CompletionError", "Error"),
  /** A {@code Force} with an error; others are not bad. */
  FAILED_FORCE("Force", "Failed force"),
  LATE("LateCompletion", "Late"),
  COLLISION("PageCacheCollision", "Collision"),
  STALL("SubmissionStall", "Stall");

  private static final Map<String, BadKind> BY_EVENT =
      Arrays.stream(values()).collect(Collectors.toMap(kind -> kind.event, Function.identity()));

  private final String event;
  private final String label;

  BadKind(String simpleName, String label) {
    event = Recordings.EVENT_PREFIX + simpleName;
    this.label = label;
  }

  /** Returns the name of the kind's event, such as LostCompletion. */
  String event() {
    return event.substring(Recordings.EVENT_PREFIX.length());
  }

  /** Returns the kind's name on the page. */
  String label() {
    return label;
  }

  /** Returns the kind of an event; null if it is not bad. */
  static BadKind of(Row row) {
    BadKind kind = BY_EVENT.get(row.name());
    boolean good = kind == FAILED_FORCE && row.number("errno") == 0;
    return good || kind == IN_FLIGHT ? null : kind;
  }
}
