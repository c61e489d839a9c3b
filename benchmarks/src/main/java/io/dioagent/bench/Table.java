package io.dioagent.bench;

import io.dioagent.bench.row.Rows;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The study that measures the table of rows. */
final class Table implements Study {
  private final List<Row> rows;

  /** Makes the study of all rows. */
  Table() throws IOException {
    rows = Rows.all(Path.of(System.getProperty("java.home")));
  }

  @Override
  public List<String> names() {
    return rows.stream().map(Row::name).toList();
  }

  @Override
  public Findings measure(Extent extent, Bench bench, Path plots, PrintStream progress)
      throws IOException, InterruptedException {
    RowRunner runner = new RowRunner(bench, extent.rounds(), extent.calm(), progress);
    List<RowResult> results = new ArrayList<>();
    for (Row row : rows) {
      if (extent.includes(row.name())) {
        results.add(runner.run(row));
      }
    }
    boolean complete =
        results.stream().noneMatch(result -> result.state() == RowResult.State.FAILED);
    return new Findings(Report.markdown(results), JsonReport.rows(results), complete);
  }
}
