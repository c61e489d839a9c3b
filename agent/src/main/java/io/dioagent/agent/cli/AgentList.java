package io.dioagent.agent.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.dioagent.runtime.api.OneLine;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The JVMs that carry the agent, each with its status or the reason why that is not known.
 *
 * @param statuses in the order of their process ids
 * @param failures a line for each JVM that cannot be attached to
 */
record AgentList(List<JsonObject> statuses, List<String> failures) {

  /** Limits the wait for all answers. A JVM that is stopped, or hangs, then counts as a failure. */
  private static final long LONGEST_SECONDS = 30;

  /** Asks all of them at the same time. */
  static AgentList find() throws CommandException {
    Map<String, FutureTask<JsonObject>> asked = new LinkedHashMap<>();
    for (String pid : AgentJvms.pids()) {
      FutureTask<JsonObject> task = new FutureTask<>(() -> Attacher.status(pid));
      Thread thread = new Thread(task, "status of " + pid);
      thread.setDaemon(true);
      thread.start();
      asked.put(pid, task);
    }
    AgentList list = new AgentList(new ArrayList<>(), new ArrayList<>());
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(LONGEST_SECONDS);
    for (Map.Entry<String, FutureTask<JsonObject>> one : asked.entrySet()) {
      list.add(one.getKey(), one.getValue(), until - System.nanoTime());
    }
    return list;
  }

  private void add(String pid, FutureTask<JsonObject> task, long longestNanos) {
    try {
      statuses.add(task.get(Math.max(0, longestNanos), TimeUnit.NANOSECONDS));
    } catch (ExecutionException e) {
      if (!JvmProcess.hasEnded(pid)) {
        failures.add(e.getCause().getMessage());
      }
    } catch (TimeoutException e) {
      failures.add("process " + pid + " has not answered for " + LONGEST_SECONDS + " s");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
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
