package io.dioagent.samples.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The table of faults, layers and outcomes, printed and written when the suite ends. Thread-safe.
 */
final class FaultTable implements AutoCloseable {
  static final String SKIPPED = "skipped: ";
  static final String FAILED = "FAILED: ";
  private static final int LONGEST_OUTCOME = 160;

  private final List<Row> rows = new ArrayList<>();

  /** One fault under one layer. */
  record Row(String fault, Layer layer, String outcome, Account account) {
    private String line() {
      String cut = outcome.lines().findFirst().orElse("").replace('|', '/');
      if (cut.length() > LONGEST_OUTCOME) {
        cut = cut.substring(0, LONGEST_OUTCOME) + "…";
      }
      return String.format(
          "| %s | %s | %s | %d | %d | %d | %d | %d | %d |",
          fault,
          layer == null ? "" : layer,
          cut,
          account.issued(),
          account.completed(),
          account.failed(),
          account.overdue(),
          account.lost(),
          account.duplicate());
    }
  }

  synchronized void add(Row row) {
    rows.add(row);
  }

  private long count(String beginning) {
    return rows.stream().filter(row -> row.outcome.startsWith(beginning)).count();
  }

  private synchronized List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(
        "| fault | layer | outcome | issued | completed | failed | overdue | lost | duplicate |");
    lines.add("|---|---|---|---|---|---|---|---|---|");
    rows.stream()
        .sorted(Comparator.comparing(Row::fault).thenComparing(Row::layer))
        .forEach(row -> lines.add(row.line()));
    Account sum = rows.stream().map(Row::account).reduce(Account.NONE, Account::plus);
    lines.add(new Row("all", null, "", sum).line());
    lines.add("");
    lines.add(
        (rows.size() - count(SKIPPED))
            + " rows ran, "
            + count(FAILED)
            + " of them failed; "
            + count(SKIPPED)
            + " were skipped.");
    return lines;
  }

  @Override
  public void close() throws IOException {
    List<String> lines = lines();
    lines.forEach(System.out::println);
    Files.write(Path.of("target", "faults.md"), lines);
  }
}
