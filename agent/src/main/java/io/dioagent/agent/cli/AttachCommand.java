package io.dioagent.agent.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Loads the agent into a running JVM. */
@Command(name = "attach", description = "loads the agent into a running JVM")
final class AttachCommand implements Callable<Integer> {
  @ParentCommand private Tool tool;
  @Mixin private Target target;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "OPTIONS",
      defaultValue = "",
      description = "as after -javaagent:dio-agent.jar=, such as 'tag=/data/**'")
  private String options;

  @Override
  public Integer call() throws CommandException {
    String pid = target.pid();
    Attacher.load(pid, tool.jar(), options);
    tool.out().println("dio-agent is in process " + pid);
    return 0;
  }
}
