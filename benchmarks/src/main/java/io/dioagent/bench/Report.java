package io.dioagent.bench;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Formats the table of rows as Markdown. */
final class Report {
  private static final List<String> HEADER =
      List.of("measure", "dio-agent", "peer", "ratio", "spread", "target", "others", "");

  private static final String HOW =
      "Pairs A B A B, medians; spread: lower to upper quartile of the pairs; others: CPU share"
          + " of other processes.";

  private Report() {}

  static String markdown(List<RowResult> results) {
    StringBuilder text = new StringBuilder(HOW).append("\n\n");
    text.append(MarkdownTable.of(HEADER, results.stream().map(Report::cells).toList()));
    String reasons = reasons(results);
    if (!reasons.isEmpty()) {
      text.append('\n').append(reasons);
    }
    String submissions = submissions(results);
    if (!submissions.isEmpty()) {
      text.append("\nI/Os per call of io_submit(2), by strace: ").append(submissions).append('\n');
    }
    String costs = CostReport.markdown(results);
    if (!costs.isEmpty()) {
      text.append('\n').append(costs);
    }
    return text.toString();
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
                    row.unit().format(pairs.subjectMedian()),
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
}
