package io.dioagent.jmc.report;

import java.util.List;
import java.util.Map;

/**
 * What the page shows, by the names that its scripts know. Numbers that a script cannot hold
 * exactly (ids, offsets) are text. Null is what is not known.
 *
 * @param createdMillis when the page was made, since the epoch
 * @param paths files' names, which others point to by their index; -1 is none
 * @param stacks the same for stacks
 * @param badListed how many bad events of a kind and JVM are listed at most
 * @param filesInAll how many there are; those that have least to tell are left out
 */
record PageData(
    String headline,
    List<String> sentences,
    boolean clean,
    List<String> notes,
    long createdMillis,
    Axis axis,
    List<Jvm> jvms,
    List<String> paths,
    List<String> stacks,
    List<Kind> kinds,
    List<Bad> bad,
    int badListed,
    List<FileRow> files,
    long filesInAll,
    List<FallbackRow> fallbacks,
    List<Option> options,
    List<RuleRow> rules) {

  /**
   * The time axis.
   *
   * @param originSeconds since the epoch; 0 if each JVM's time begins with its recording
   */
  record Axis(boolean relative, double originSeconds, double bucketSeconds, int buckets) {}

  /**
   * A column of the page. Times are in nanoseconds, rates in bytes per second; lists have a value
   * for each bucket of the axis, and are null where there is nothing.
   *
   * @param label tells it from the others
   * @param name does so, too, and is short if that is possible
   */
  record Jvm(
      String label,
      String name,
      List<String> recordings,
      String version,
      double startMillis,
      double seconds,
      Verdict verdict,
      double fallbackShare,
      boolean hasAllWrites,
      List<Long> directRate,
      List<Long> bufferedRate,
      List<Long> readRate,
      List<OperationRow> operations,
      List<Long> inFlight,
      List<Double> underWay,
      long mostQuarantinedBytes,
      Map<BadKind, List<Integer>> badByTime) {}

  /**
   * Writes, reads or forces.
   *
   * @param classes counts by classes of duration, two to each doubling: 2n begins at 2^n
   *     nanoseconds, 2n+1 at 1.5 * 2^n; the first is of class firstClass
   */
  record OperationRow(
      String name,
      long count,
      long mean,
      long p50,
      long p90,
      long p99,
      long p999,
      long max,
      int firstClass,
      List<Long> classes,
      List<Long> p50ByTime,
      List<Long> p99ByTime,
      List<Long> maxByTime) {}

  /** A kind of bad events, and how many of it there are in all. */
  record Kind(BadKind id, String label, long count) {}

  /** A bad event. Times are in nanoseconds, but for atMillis. */
  record Bad(
      BadKind kind,
      int jvm,
      double atMillis,
      String requestId,
      int path,
      String offset,
      String length,
      String result,
      String error,
      long age,
      long deadline,
      long stall,
      Boolean delivered,
      String policy,
      String reason,
      String thread,
      int stack,
      String fault) {}

  /** A file of a JVM. */
  record FileRow(
      int path,
      int jvm,
      Boolean direct,
      String reason,
      long writes,
      long reads,
      long directBytes,
      long bufferedBytes,
      long readBytes,
      long mean,
      long p99,
      long max,
      long bad) {}

  /** Why bytes went through the page cache. */
  record FallbackRow(int jvm, String reason, long parts, long bytes) {}

  /** An option; each JVM has a list of its values, most often of one. */
  record Option(String key, List<List<JvmActivity.Setting>> values) {}

  /** A rule, and what it says of each JVM. */
  record RuleRow(String name, List<Rules.Finding> findings) {}
}
