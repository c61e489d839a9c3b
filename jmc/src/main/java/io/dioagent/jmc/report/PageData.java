package io.dioagent.jmc.report;

import java.util.List;
import java.util.Map;

/**
 * The page's data, by the names that its scripts use. Numbers that a script cannot hold exactly
 * (ids, offsets) are text. Unknown values are null.
 *
 * @param createdMillis when the page was made, since the epoch
 * @param paths names of files, to which other fields refer by index; -1 is none
 * @param stacks stacks, referred to in the same way
 * @param badListed most bad events of a kind and JVM that are listed
 * @param filesInAll number of all files; those with the least activity are not listed
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
   * A column of the page. Times are in nanoseconds, rates in bytes per second. Lists have a value
   * for each bucket of the axis, and are null without data.
   *
   * @param label unique among the JVMs
   * @param name unique, too, and short if possible
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
   * @param classes counts by classes of duration, two for each doubling: class 2n begins at 2^n
   *     nanoseconds, class 2n+1 at 1.5 * 2^n; the first count is that of firstClass
   * @param unended whether max is the age of one that had not ended
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
      boolean unended,
      int firstClass,
      List<Long> classes,
      List<Long> p50ByTime,
      List<Long> p99ByTime,
      List<Long> maxByTime) {}

  /** A kind of bad events, with the number of all its events. */
  record Kind(BadKind id, String label, long count) {}

  /** A bad event. Times are in nanoseconds, except atMillis. */
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

  /** A file of a JVM; unended as in {@link OperationRow}. */
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
      boolean unended,
      long bad) {}

  /** A reason for which bytes went through the page cache. */
  record FallbackRow(int jvm, String reason, long parts, long bytes) {}

  /** An option; each JVM has a list of its values, usually a single one. */
  record Option(String key, List<List<JvmActivity.Setting>> values) {}

  /** A rule, and its finding for each JVM. */
  record RuleRow(String name, List<Rules.Finding> findings) {}
}
