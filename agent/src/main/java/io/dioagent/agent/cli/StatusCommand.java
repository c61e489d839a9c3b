package io.dioagent.agent.cli;

import com.google.gson.JsonParser;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** Shows what the agent in a running JVM is doing. */
@Command(
    name = "status",
    description = "shows what is in flight in a running JVM, for how long, and who waits for it")
final class StatusCommand implements Callable<Integer> {
  @ParentCommand private Tool tool;
  @Mixin private Target target;

  @Option(names = "--json", description = "as JSON: sizes in bytes, times in nanoseconds")
  private boolean json;

  @Override
  public Integer call() throws CommandException {
    String status = Attacher.status(target.pid());
    if (json) {
      tool.out().println(status);
    } else {
      new StatusText(JsonParser.parseString(status).getAsJsonObject()).print(tool.out());
    }
    return 0;
  }
}
