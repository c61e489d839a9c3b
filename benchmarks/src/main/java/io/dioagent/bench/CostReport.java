package io.dioagent.bench;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Formats the costs of writes as Markdown. */
final class CostReport {
  private static final List<String> HEADER =
      List.of("row", "written", "write", "dio-agent", "peer's write", "peer", "ratio per byte");

  private static final String HOW =
      "Processor time per write of the whole process, user and system, medians; of a JVM until a"
          + " second after the close. Written: per sample, with a warm-up of an eighth; a shorter"
          + " run writes less than the row's name says.";

  private static final double MIB = 1 << 20;

  private CostReport() {}

  /** Returns a table of the rows that measured their costs; empty if there is none. */
  static String markdown(List<RowResult> results) {
    List<List<String>> lines =
        results.stream()
            .flatMap(result -> cells(result.row().name(), result.pairs()).stream())
            .toList();
    return lines.isEmpty() ? "" : HOW + "\n\n" + MarkdownTable.of(HEADER, lines);
  }

  private static Optional<List<String>> cells(String name, Optional<Pairs> pairs) {
    return pairs
        .filter(Pairs::hasCosts)
        .map(
            costs ->
                Stream.of(
                        Stream.of(name, written(costs.subjectCosts())),
                        side(costs.subjectCosts()),
                        side(costs.peerCosts()),
                        Stream.of(ratio(costs.costRatios().median())))
                    .flatMap(cells -> cells)
                    .toList());
  }

  private static String written(List<WriteCost> costs) {
    return format("%,.1f MiB", costs.get(0).writtenBytes() / MIB);
  }

  private static Stream<String> side(List<WriteCost> costs) {
    List<Double> micros = costs.stream().map(WriteCost::cpuMicros).toList();
    return Stream.of(
        format("%,d B", costs.get(0).writeBytes()),
        Unit.MICROSECONDS.format(Summary.of(micros).median()));
  }

  /** Returns no ratio for a sample that was shorter than the clock's tick. */
  private static String ratio(double ratio) {
    return Double.isFinite(ratio) ? format("%.2f", ratio) : "-";
  }

  private static String format(String format, Object value) {
    return String.format(Locale.ROOT, format, value);
  }
}
