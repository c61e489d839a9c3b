package io.dioagent.bench;

import io.dioagent.bench.io.Commands;
import io.dioagent.bench.io.DirectFiles;
import io.dioagent.bench.io.Scratch;
import io.dioagent.bench.row.Rows;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Measures every row and prints one table. The table goes to standard output, progress to standard
 * error, and the table and all samples to files beside the jar.
 */
final class RunAll {
  private static final int USAGE_ERROR = 2;
  private static final int ROW_FAILED = 1;

  private RunAll() {}

  /** Measures; see {@link Part#run}. */
  static int run(List<String> arguments, PrintStream out, PrintStream err)
      throws InterruptedException {
    try {
      List<Row> rows = Rows.all(Path.of(System.getProperty("java.home")));
      List<String> names = rows.stream().map(Row::name).toList();
      Options options = Options.parse(arguments, names);
      if (options.help()) {
        out.print(Options.USAGE);
        return 0;
      }
      if (options.list()) {
        names.forEach(out::println);
        return 0;
      }
      return measure(options, rows, out, err);
    } catch (UsageException e) {
      err.println("benchmarks: " + e.getMessage());
      err.print(Options.USAGE);
      return USAGE_ERROR;
    } catch (IOException e) {
      err.println("benchmarks: " + e);
      return ROW_FAILED;
    }
  }

  private static int measure(Options options, List<Row> rows, PrintStream out, PrintStream err)
      throws IOException, InterruptedException, UsageException {
    Path target = BuildDirectory.find();
    Path directory = options.directory().orElse(target.resolve("data"));
    Files.createDirectories(directory);
    try (Scratch scratch = Scratch.in(directory)) {
      if (!DirectFiles.possibleIn(scratch.directory())) {
        throw new UsageException("no O_DIRECT in " + directory + ", choose a disk with --dir");
      }
      Bench bench = bench(options, scratch);
      List<RowResult> results = new ArrayList<>();
      Machine machine = Machine.read(bench, target);
      RowRunner runner = new RowRunner(bench, options, err);
      for (Row row : rows) {
        if (options.only().isEmpty() || options.only().contains(row.name())) {
          results.add(runner.run(row));
        }
      }
      String table = Report.markdown(machine, options, results);
      write(target.resolve("table.md"), table);
      write(target.resolve("table.json"), JsonReport.json(machine, options, results));
      out.print(table);
      out.flush();
      boolean failed =
          results.stream().anyMatch(result -> result.state() == RowResult.State.FAILED);
      return failed ? ROW_FAILED : 0;
    }
  }

  private static Bench bench(Options options, Scratch scratch) throws IOException {
    Path ownJava = Path.of(System.getProperty("java.home"), "bin", "java");
    return new Bench(
        options.quick() ? Effort.QUICK : Effort.FULL,
        options.java().orElse(ownJava),
        options.agent().orElse(BuildDirectory.agent()),
        System.getProperty("java.class.path"),
        scratch,
        new Commands(scratch));
  }

  private static void write(Path file, String text) throws IOException {
    Files.writeString(file, text, StandardCharsets.UTF_8);
  }
}
