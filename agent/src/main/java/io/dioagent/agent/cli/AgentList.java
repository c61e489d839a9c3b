package io.dioagent.agent.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.dioagent.runtime.api.OneLine;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/**
 * The JVMs that carry the agent, each with its status or the reason why that is not known.
 *
 * @param statuses in the order of their process ids
 * @param failures a line for each JVM that cannot be attached to
 */
record AgentList(List<JsonObject> statuses, List<String> failures) {

  static AgentList find() throws CommandException {
    List<JsonObject> statuses = new ArrayList<>();
    List<String> failures = new ArrayList<>();
    for (String pid : AgentJvms.pids()) {
      try {
        statuses.add(Attacher.status(pid));
      } catch (CommandException e) {
        if (!JvmProcess.hasEnded(pid)) {
          failures.add(e.getMessage());
        }
      }
    }
    return new AgentList(statuses, failures);
  }

  void print(PrintStream out) {
    for (JsonObject status : statuses) {
      JsonObject counters = status.getAsJsonObject("counters");
      out.println(
          OneLine.of(
              String.format(
                  "process %s: %s, dio-agent %s, mode %s; %s writes, %s errors, %s lost; %s in"
                      + " flight, %s overdue",
                  status.get("pid"),
                  status.get("main").getAsString(),
                  status.get("version").getAsString(),
                  status.get("mode").getAsString(),
                  counters.get("writes"),
                  counters.get("errors"),
                  counters.get("lost"),
                  status.get("inFlight"),
                  status.get("overdue"))));
    }
    failures.forEach(failure -> out.println(OneLine.of(failure)));
    if (statuses.isEmpty() && failures.isEmpty()) {
      out.println("no running JVM carries dio-agent, as seen from here");
    }
  }

  /** Returns the statuses, and the failures. */
  JsonObject json() {
    JsonArray jvms = new JsonArray();
    statuses.forEach(jvms::add);
    JsonArray reasons = new JsonArray();
    failures.forEach(reasons::add);
    JsonObject all = new JsonObject();
    all.add("jvms", jvms);
    all.add("failures", reasons);
    return all;
  }
}
