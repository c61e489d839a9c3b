package io.dioagent.agent.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/** Removes the agent from a running JVM. */
@Command(name = "detach", description = "takes the agent out of a running JVM again")
final class DetachCommand implements Callable<Integer> {
  @ParentCommand private Tool tool;
  @Mixin private Target target;

  @Override
  public Integer call() throws CommandException {
    String pid = target.pid();
    Attacher.detach(pid, tool.jar());
    tool.out().println("dio-agent has left process " + pid);
    return 0;
  }
}
