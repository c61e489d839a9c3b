package io.dioagent.jmc.report;

/** The activity on one file of one JVM. Unknown values are null. */
final class FileActivity {
  private final String path;
  private final Durations writes = new Durations();
  private long reads;
  private long directBytes;
  private long bufferedBytes;
  private long readBytes;
  private long badEvents;
  private long unendedNanos;
  private Boolean direct;
  private String reason;

  FileActivity(String path) {
    this.path = path;
  }

  void addWrite(Row row) {
    writes.add(row.durationNanos());
    directBytes += row.number("directBytes");
    bufferedBytes += row.number("bufferedBytes");
  }

  void addRead(Row row) {
    reads++;
    readBytes += row.number("result");
  }

  /** Adds a write that had not ended, by its age then. */
  void addUnendedWrite(long ageNanos) {
    unendedNanos = Math.max(unendedNanos, ageNanos);
  }

  /** Returns the longest age of a write that had not ended; 0 if all had. */
  long unendedNanos() {
    return unendedNanos;
  }

  void addBad() {
    badEvents++;
  }

  void tagged(Row row) {
    direct = row.flag("direct");
    reason = row.text("reason");
  }

  String path() {
    return path;
  }

  Durations writes() {
    return writes;
  }

  long reads() {
    return reads;
  }

  long directBytes() {
    return directBytes;
  }

  long bufferedBytes() {
    return bufferedBytes;
  }

  long readBytes() {
    return readBytes;
  }

  long badEvents() {
    return badEvents;
  }

  /** Returns whether the file can go past the page cache. */
  Boolean direct() {
    return direct;
  }

  /** Returns the reason why it can, or cannot. */
  String reason() {
    return VisibleText.line(reason);
  }

  /** Returns all bytes written and read. */
  long allBytes() {
    return directBytes + bufferedBytes + readBytes;
  }
}
