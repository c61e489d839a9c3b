package io.dioagent.agent.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** Prints the version. */
@Command(name = "version", description = "prints the version")
final class VersionCommand implements Callable<Integer> {
  @ParentCommand private Tool tool;

  @Override
  public Integer call() {
    tool.out().println(Tool.versionLine(tool.version()));
    return 0;
  }
}
