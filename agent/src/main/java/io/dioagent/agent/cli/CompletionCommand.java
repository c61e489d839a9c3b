package io.dioagent.agent.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/**
 * Prints a script for a shell that defines {@value #NAME} for this jar, and its completion. A shell
 * completes by the first word of a line, which with {@code java -jar} is java.
 */
@Command(
    name = "generate-completion",
    description = "prints a script for bash or zsh that defines dio-agent: source it")
final class CompletionCommand implements Callable<Integer> {
  private static final String NAME = "dio-agent";

  @ParentCommand private Tool tool;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    String jar = tool.jar().getAbsolutePath().replace("'", "'\\''");
    tool.out().print(AutoComplete.bash(NAME, spec.root().commandLine()));
    tool.out().println();
    tool.out().println("# What is completed: this jar's commands.");
    tool.out().println(NAME + "() { java -jar '" + jar + "' \"$@\"; }");
    return 0;
  }
}
