package io.dioagent.jmc.report;

/**
 * A bad event. A value that its kind does not have is null; a missing time is 0.
 *
 * @param atNanos since the epoch
 * @param offset first byte; -1 if unknown
 * @param result bytes of a late or unwanted completion; null for other kinds
 * @param stack one frame a line
 */
record BadEvent(
    BadKind kind,
    long atNanos,
    long requestId,
    String path,
    long offset,
    long lengthBytes,
    Long result,
    String errorName,
    long ageNanos,
    long deadlineNanos,
    long stallNanos,
    Boolean delivered,
    String policy,
    String reason,
    String thread,
    String stack) {

  static BadEvent of(BadKind kind, Row row) {
    boolean hasCompletion =
        kind == BadKind.LATE || kind == BadKind.DUPLICATE || kind == BadKind.UNKNOWN;
    boolean hasRange = kind != BadKind.UNKNOWN && kind != BadKind.FAILED_FORCE;
    return new BadEvent(
        kind,
        row.endNanos(),
        row.number("requestId"),
        VisibleText.line(row.text("path")),
        hasRange ? row.number("offset") : -1,
        hasRange ? row.number("length") : -1,
        hasCompletion ? row.number("result") : null,
        VisibleText.line(row.text("errnoName")),
        row.number("ageNanos"),
        row.number("deadlineNanos"),
        row.number("stallNanos"),
        kind == BadKind.LATE ? row.flag("delivered") : null,
        VisibleText.line(row.text("policy")),
        VisibleText.line(row.text("reason")),
        VisibleText.line(threadOf(kind, row)),
        StackText.of(row));
  }

  /** Returns the thread that made the request; for a stall and a force, the event's own thread. */
  private static String threadOf(BadKind kind, Row row) {
    return kind == BadKind.STALL || kind == BadKind.FAILED_FORCE
        ? row.threadName()
        : row.text("submitter");
  }

  BadEvent withSubmitter(String newThread, String newStack) {
    return new BadEvent(
        kind,
        atNanos,
        requestId,
        path,
        offset,
        lengthBytes,
        result,
        errorName,
        ageNanos,
        deadlineNanos,
        stallNanos,
        delivered,
        policy,
        reason,
        newThread,
        newStack);
  }
}
