package io.dioagent.agent.cli;

import io.dioagent.jmc.report.Report;
import io.dioagent.jmc.report.ReportException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Makes an HTML page of recordings. */
@Command(
    name = "report",
    description = "makes an HTML page of recordings: what was lost, late, doubled, failed, and why")
final class ReportCommand implements Callable<Integer> {
  private static final String RECORDING_SUFFIX = ".jfr";

  @ParentCommand private Tool tool;

  @Parameters(
      arity = "1..*",
      paramLabel = "RECORDING.jfr",
      description = "a recording; several give one page, with a column for each JVM")
  private List<Path> recordings;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE.html",
      description = "default: beside the first recording, by its name")
  private Path output;

  @Option(names = "--json", description = "prints the report as JSON; makes a page only with -o")
  private boolean json;

  /** Returns 0 whatever the recordings show. */
  @Override
  public Integer call() throws CommandException {
    try {
      Report report = Report.read(recordings);
      Path page = output == null && !json ? besideFirst() : output;
      if (page != null) {
        report.writeHtml(page);
      }
      if (json) {
        tool.out().println(report.json());
      } else {
        tool.out().println(report.headline());
        report.sentences().forEach(tool.out()::println);
        tool.out().println(page);
      }
      return 0;
    } catch (ReportException e) {
      throw new CommandException(e.getMessage(), e);
    }
  }

  private Path besideFirst() {
    Path first = recordings.get(0);
    String name = first.getFileName().toString();
    String base =
        name.endsWith(RECORDING_SUFFIX)
            ? name.substring(0, name.length() - RECORDING_SUFFIX.length())
            : name;
    return first.resolveSibling(base + ".html");
  }
}
