package io.dioagent.bench;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The one table, as Markdown that also reads well on a terminal. */
final class Report {
  private static final List<String> HEADER =
      List.of("measure", "ours", "peer", "ratio", "spread", "target", "others", "");

  private static final String HOW =
      "Pairs A B A B, medians; spread: lower to upper quartile of the pairs; others: what other"
          + " processes took of the CPUs.";

  private Report() {}

  static String markdown(Machine machine, Options options, List<RowResult> results) {
    StringBuilder text = new StringBuilder();
    text.append(where(machine, options)).append("\n\n");
    List<List<String>> lines = results.stream().map(Report::cells).toList();
    List<Integer> widths = widths(lines);
    text.append(line(HEADER, widths));
    text.append(line(widths.stream().map("-"::repeat).toList(), widths));
    lines.forEach(cells -> text.append(line(cells, widths)));
    String reasons = reasons(results);
    if (!reasons.isEmpty()) {
      text.append('\n').append(reasons);
    }
    String submissions = submissions(results);
    if (!submissions.isEmpty()) {
      text.append("\nI/Os per call of io_submit(2), by strace: ").append(submissions).append('\n');
    }
    return text.toString();
  }

  private static String where(Machine machine, Options options) {
    return String.join(
        "\n",
        machine.processors() + " x " + machine.processor() + ", Linux " + machine.kernel(),
        machine.fileSystem() + "; " + machine.java() + "; fio: " + machine.fio(),
        "commit " + machine.commit() + ", " + machine.time() + ", load " + machine.loadAverage(),
        options.length().note() + " " + HOW);
  }

  private static List<String> cells(RowResult result) {
    Row row = result.row();
    String target = row.target().text();
    return result
        .pairs()
        .map(
            pairs ->
                List.of(
                    row.measure(),
                    row.unit().format(pairs.oursMedian()),
                    row.unit().format(pairs.peerMedian()),
                    row.target().figure(pairs),
                    row.target().spread(pairs),
                    target,
                    String.format(Locale.ROOT, "%.0f%%", 100 * pairs.othersMedian()),
                    result.verdict()))
        .orElseGet(() -> List.of(row.measure(), "-", "-", "-", "-", target, "-", result.verdict()));
  }

  private static String reasons(List<RowResult> results) {
    return results.stream()
        .filter(result -> result.pairs().isEmpty())
        .map(result -> result.row().name() + " " + result.verdict() + ": " + result.reason() + "\n")
        .collect(Collectors.joining());
  }

  private static String submissions(List<RowResult> results) {
    return results.stream()
        .filter(result -> result.submissions().isPresent())
        .map(
            result ->
                String.format(
                    Locale.ROOT,
                    "%s %.1f",
                    result.row().name(),
                    result.submissions().get().iosPerCall()))
        .collect(Collectors.joining(", "));
  }

  private static List<Integer> widths(List<List<String>> lines) {
    return IntStream.range(0, HEADER.size())
        .mapToObj(
            column ->
                lines.stream()
                    .mapToInt(cells -> cells.get(column).length())
                    .reduce(HEADER.get(column).length(), Math::max))
        .toList();
  }

  private static String line(List<String> cells, List<Integer> widths) {
    StringBuilder line = new StringBuilder("|");
    for (int i = 0; i < cells.size(); i++) {
      String cell = cells.get(i);
      line.append(' ').append(cell).append(" ".repeat(widths.get(i) - cell.length())).append(" |");
    }
    return line.append('\n').toString();
  }
}
