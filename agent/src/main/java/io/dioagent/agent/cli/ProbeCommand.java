package io.dioagent.agent.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.dioagent.agent.AgentException;
import io.dioagent.agent.install.Natives;
import io.dioagent.runtime.DirectRuntime;
import io.dioagent.runtime.api.EventSink;
import io.dioagent.runtime.api.OneLine;
import io.dioagent.runtime.api.RuntimeOptions;
import io.dioagent.runtime.engine.ChosenEngine;
import io.dioagent.runtime.engine.EngineKind;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Shows whether files can go direct, and if not, why. */
@Command(
    name = "probe",
    description = "shows whether a file, or a new one in a directory, can go direct, and why not")
final class ProbeCommand implements Callable<Integer> {
  @ParentCommand private Tool tool;

  @Parameters(
      arity = "1..*",
      paramLabel = "PATH",
      description =
          "a file or a directory; a file is only asked for what the kernel says of it; in a"
              + " directory a file is made, written and removed")
  private List<Path> paths;

  @Option(names = "--json", description = "as JSON, sizes in bytes")
  private boolean json;

  /** Returns 0 if all of them can. */
  @Override
  public Integer call() throws CommandException {
    try {
      Natives.load();
    } catch (AgentException e) {
      throw new CommandException(e.getMessage(), e);
    }
    ChosenEngine engine = new ChosenEngine(EngineKind.AUTO);
    try (DirectRuntime runtime =
        DirectRuntime.start(RuntimeOptions.DEFAULT, EventSink.none(), engine)) {
      Machine machine = Machine.of(runtime, engine);
      List<ProbedPath> probed = List.of();
      if (machine.whyNot() == null) {
        probed = paths.stream().map(path -> ProbedPath.of(runtime, path)).toList();
      }
      print(machine, probed);
      boolean all = machine.whyNot() == null && probed.stream().allMatch(ProbedPath::direct);
      return all ? 0 : 1;
    }
  }

  private void print(Machine machine, List<ProbedPath> probed) {
    if (!json) {
      tool.out().println("this machine: " + machine.text());
      probed.forEach(path -> tool.out().println(OneLine.of(path.path() + ": " + path.text())));
      return;
    }
    JsonArray all = new JsonArray();
    probed.forEach(path -> all.add(path.json()));
    JsonObject whole = new JsonObject();
    whole.add("machine", machine.json());
    whole.add("paths", all);
    tool.out().println(whole);
  }
}
