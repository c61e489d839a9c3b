package io.dioagent.jmc.report;

/** One file of one JVM, or all that is known of it. Not told is null. */
final class FileActivity {
  private final String path;
  private final Durations writes = new Durations();
  private long reads;
  private long directBytes;
  private long bufferedBytes;
  private long readBytes;
  private long badEvents;
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

  /** Whether it can go past the page cache. */
  Boolean direct() {
    return direct;
  }

  /** Why it can, or cannot. */
  String reason() {
    return VisibleText.line(reason);
  }

  /** All bytes that were moved. */
  long allBytes() {
    return directBytes + bufferedBytes + readBytes;
  }
}
