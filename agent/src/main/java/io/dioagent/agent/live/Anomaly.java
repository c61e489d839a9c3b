package io.dioagent.agent.live;

/**
 * An anomaly of one kind on one file, for a line of the log. Its fields are overwritten in place,
 * so that reporting one allocates nothing. Guarded by its owner.
 */
final class Anomaly {
  static final int LOST = 0;
  static final int LATE = 1;
  static final int DUPLICATE = 2;
  static final int ERROR = 3;
  static final int KINDS = 4;

  int kind;

  /** Null if this place is free. */
  String path;

  /** Whether it stands for files without a place of their own. */
  boolean severalFiles;

  long requestId;
  long offset;
  long lengthBytes;
  long ageNanos;

  /** Of a lost one. */
  long deadlineNanos;

  /** Bytes or a negative errno, of a late one and of an error. */
  long result;

  /** Whether the caller of a late one got the result. */
  boolean delivered;

  /** May be null. */
  String reason;

  /** How many have come since the last line, besides the one that the fields describe. */
  long more;

  boolean copyTo(Anomaly other) {
    other.kind = kind;
    other.path = path;
    other.severalFiles = severalFiles;
    other.requestId = requestId;
    other.offset = offset;
    other.lengthBytes = lengthBytes;
    other.ageNanos = ageNanos;
    other.deadlineNanos = deadlineNanos;
    other.result = result;
    other.delivered = delivered;
    other.reason = reason;
    other.more = more;
    return true;
  }
}
