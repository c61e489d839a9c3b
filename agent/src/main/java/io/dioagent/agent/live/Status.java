package io.dioagent.agent.live;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.dioagent.agent.options.PolicyOptions;
import io.dioagent.agent.options.TagRule;
import io.dioagent.runtime.DirectRuntime;
import io.dioagent.runtime.api.InFlightRequest;
import io.dioagent.runtime.api.ReadDecision;
import io.dioagent.runtime.api.Setting;
import io.dioagent.runtime.api.Statistics;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Makes the status that {@code status} shows, as JSON. Waits for no thread that may be stuck: reads
 * counters, requests in flight, and stacks.
 */
public final class Status {
  /** Limits the requests shown to the oldest; the number of all is shown, too. */
  private static final int MOST_REQUESTS = 1000;

  /** Limits the open paths shown. */
  private static final int MOST_PATHS = 100;

  private static final String OUR_THREADS = "dio-";

  private Status() {}

  /** Returns one JSON object; ages and deadlines in nanoseconds, sizes in bytes. */
  public static String json(LiveAgent agent) {
    JsonObject status = new JsonObject();
    status.addProperty("version", agent.version());
    status.addProperty("pid", ProcessHandle.current().pid());
    status.addProperty("mode", agent.mode().name().toLowerCase(Locale.ROOT));
    status.add("counters", counters(agent.runtime().statistics()));
    status.add("readSteps", readSteps(agent.runtime()));
    status.add("tags", tags(agent.tags()));
    status.add("settings", settings(agent.settings()));
    agent.lookForHeld();
    List<InFlightRequest> requests = agent.inFlight();
    List<InFlightRequest> shown = requests.subList(0, Math.min(MOST_REQUESTS, requests.size()));
    status.addProperty("inFlight", requests.size());
    status.addProperty("overdue", requests.stream().filter(InFlightRequest::isOverdue).count());
    status.add("openPaths", openPaths(agent.openPaths()));
    status.add("requests", requests(shown));
    status.add("threads", threads(shown));
    return status.toString();
  }

  private static JsonObject counters(Statistics counted) {
    JsonObject counters = new JsonObject();
    counters.addProperty("writes", counted.writes());
    counters.addProperty("directBytes", counted.directBytes());
    counters.addProperty("bufferedBytes", counted.bufferedBytes());
    counters.addProperty("errors", counted.errors());
    counters.addProperty("lost", counted.lost());
    counters.addProperty("late", counted.late());
    counters.addProperty("notStarted", counted.notStarted());
    counters.addProperty("duplicates", counted.duplicates());
    counters.addProperty("unknown", counted.unknown());
    counters.addProperty("collisions", counted.collisions());
    counters.addProperty("quarantinedBytes", counted.quarantinedBytes());
    counters.addProperty("bufferBytes", counted.bufferBytes());
    counters.addProperty("openFiles", counted.openFiles());
    return counters;
  }

  /** Returns how many steps of 4 MiB of long runs {@code read=auto} has decided so. */
  private static JsonObject readSteps(DirectRuntime runtime) {
    JsonObject steps = new JsonObject();
    for (ReadDecision decision : ReadDecision.values()) {
      steps.addProperty(decision.name().toLowerCase(Locale.ROOT), runtime.readSteps(decision));
    }
    return steps;
  }

  private static JsonArray tags(List<TagRule> tags) {
    JsonArray all = new JsonArray();
    for (TagRule tag : tags) {
      JsonObject one = new JsonObject();
      one.addProperty("name", tag.name());
      one.addProperty("glob", tag.glob().toString());
      for (Map.Entry<String, String> option : PolicyOptions.of(tag).entrySet()) {
        if (option.getKey().equals(PolicyOptions.DEADLINE)) {
          one.addProperty(option.getKey() + "Nanos", tag.policy().deadline().toNanos());
        } else if (option.getKey().equals(PolicyOptions.FILES)) {
          one.addProperty(option.getKey(), tag.files());
        } else {
          one.addProperty(option.getKey(), option.getValue());
        }
      }
      all.add(one);
    }
    return all;
  }

  private static JsonArray settings(List<Setting> settings) {
    JsonArray all = new JsonArray();
    for (Setting setting : settings) {
      JsonObject one = new JsonObject();
      one.addProperty("key", setting.key());
      one.addProperty("value", setting.value());
      one.addProperty("source", setting.source());
      all.add(one);
    }
    return all;
  }

  private static JsonArray openPaths(Collection<String> paths) {
    JsonArray all = new JsonArray();
    paths.stream().limit(MOST_PATHS).forEach(all::add);
    return all;
  }

  private static JsonArray requests(List<InFlightRequest> requests) {
    JsonArray all = new JsonArray();
    for (InFlightRequest request : requests) {
      JsonObject one = new JsonObject();
      one.addProperty("operation", request.operation());
      one.addProperty("requestId", request.request().requestId());
      one.addProperty("path", request.request().path());
      one.addProperty("offset", request.request().offset());
      one.addProperty("length", request.request().lengthBytes());
      one.addProperty("ageNanos", request.ageNanos());
      one.addProperty("deadlineNanos", request.deadlineNanos());
      one.addProperty("overdue", request.isOverdue());
      one.addProperty("waitingFor", request.waitingFor());
      one.addProperty("thread", request.submitter().getName());
      one.addProperty("device", Devices.name(request.device()));
      all.add(one);
    }
    return all;
  }

  /** Returns the agent's threads, and those that are held in its code or in a native call. */
  private static JsonArray threads(List<InFlightRequest> requests) {
    Map<Thread, StackTraceElement[]> stacks = new LinkedHashMap<>(Thread.getAllStackTraces());
    for (InFlightRequest request : requests) { // The JVM lists no virtual threads.
      stacks.computeIfAbsent(request.submitter(), Thread::getStackTrace);
    }
    Set<Thread> held =
        requests.stream()
            .filter(request -> request.operation().startsWith(HeldThreads.OPERATION))
            .map(InFlightRequest::submitter)
            .collect(Collectors.toSet());
    JsonArray all = new JsonArray();
    for (Map.Entry<Thread, StackTraceElement[]> entry : stacks.entrySet()) {
      Thread thread = entry.getKey();
      boolean own = thread.getName().startsWith(OUR_THREADS);
      boolean isNative = held.contains(thread);
      boolean isShown = own || isNative || NativeCall.isOfAgent(entry.getValue());
      if (thread == Thread.currentThread() || !isShown) {
        continue;
      }
      JsonObject one = new JsonObject();
      one.addProperty("name", thread.getName());
      one.addProperty("ours", own);
      one.addProperty("native", isNative);
      one.addProperty("state", thread.getState().name());
      JsonArray stack = new JsonArray();
      for (StackTraceElement frame : entry.getValue()) {
        stack.add(text(frame));
      }
      one.add("stack", stack);
      all.add(one);
    }
    return all;
  }

  /** Formats a frame without loader and module. */
  private static String text(StackTraceElement frame) {
    String place =
        frame.isNativeMethod()
            ? "Native Method"
            : frame.getFileName() == null || frame.getLineNumber() < 0
                ? "Unknown Source"
                : frame.getFileName() + ":" + frame.getLineNumber();
    return frame.getClassName() + "." + frame.getMethodName() + "(" + place + ")";
  }
}
