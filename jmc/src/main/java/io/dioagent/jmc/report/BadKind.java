package io.dioagent.jmc.report;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The kinds of events that should not be, worst first. */
enum BadKind {
  LOST("LostCompletion", "Lost"),
  DUPLICATE("DuplicateCompletion", "Duplicate"),
  UNKNOWN("UnknownCompletion", "Unknown"),
  ERROR("CompletionError", "Error"),
  /** A {@code Force}, of which only those that failed are bad. */
  FAILED_FORCE("Force", "Failed force"),
  LATE("LateCompletion", "Late"),
  COLLISION("PageCacheCollision", "Collision"),
  STALL("SubmissionStall", "Stall");

  private static final Map<String, BadKind> BY_EVENT =
      Arrays.stream(values()).collect(Collectors.toMap(kind -> kind.event, Function.identity()));

  private final String event;
  private final String label;

  BadKind(String simpleName, String label) {
    event = Recordings.OUR_EVENTS + simpleName;
    this.label = label;
  }

  /** What the page calls one of them. */
  String label() {
    return label;
  }

  /** The kind that an event is of; null if it is not bad. */
  static BadKind of(Row row) {
    BadKind kind = BY_EVENT.get(row.name());
    return kind == FAILED_FORCE && row.number("errno") == 0 ? null : kind;
  }
}
