package io.dioagent.agent.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.dioagent.runtime.api.OneLine;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Formats a status for people to read. */
final class StatusText {
  private static final String[] BYTE_UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};

  /** The counters that are counts; the rest are sizes. */
  private static final List<String> ANOMALIES =
      List.of("errors", "lost", "late", "duplicates", "unknown", "collisions");

  private static final String DEADLINE = "deadlineNanos";

  private final JsonObject status;

  StatusText(JsonObject status) {
    this.status = status;
  }

  void print(PrintStream out) {
    JsonObject counters = status.getAsJsonObject("counters");
    out.printf(
        "dio-agent %s in process %s, mode %s, %s%n",
        text("version"), text("pid"), text("mode"), engine());
    out.printf(
        "%s writes, %s direct, %s buffered; %s open files; buffers %s, %s of it quarantined%n",
        counters.get("writes"),
        bytes(counters, "directBytes"),
        bytes(counters, "bufferedBytes"),
        counters.get("openFiles"),
        bytes(counters, "bufferBytes"),
        bytes(counters, "quarantinedBytes"));
    List<String> anomalies = new ArrayList<>();
    for (String name : ANOMALIES) {
      anomalies.add(counters.get(name) + " " + name);
    }
    out.println(String.join(", ", anomalies));
    printReadSteps(out);
    for (JsonElement tag : status.getAsJsonArray("tags")) {
      printTag(tag.getAsJsonObject(), out);
    }
    JsonArray open = status.getAsJsonArray("openPaths");
    if (open.size() > 0) {
      out.printf(
          "%s files of tags are open in the process, such as %s%n", open.size(), first(open));
    }
    out.printf("%s in flight, %s overdue%n", status.get("inFlight"), status.get("overdue"));
    for (JsonElement request : status.getAsJsonArray("requests")) {
      printRequest(request.getAsJsonObject(), out);
    }
    for (JsonElement thread : status.getAsJsonArray("threads")) {
      printThread(thread.getAsJsonObject(), out);
    }
  }

  private String engine() {
    for (JsonElement setting : status.getAsJsonArray("settings")) {
      JsonObject one = setting.getAsJsonObject();
      if (one.get("key").getAsString().equals("engine in use")) {
        return "engine " + one.get("value").getAsString();
      }
    }
    return "no engine";
  }

  /** Prints what {@code read=auto} has decided, if anything. An older agent does not report it. */
  private void printReadSteps(PrintStream out) {
    JsonObject steps = status.getAsJsonObject("readSteps");
    List<String> decided = new ArrayList<>();
    for (String decision : steps == null ? Set.<String>of() : steps.keySet()) {
      if (steps.get(decision).getAsLong() > 0) {
        decided.add(steps.get(decision) + " " + decision);
      }
    }
    if (!decided.isEmpty()) {
      out.println("read=auto, steps of 4 MiB: " + String.join(", ", decided));
    }
  }

  private static void printTag(JsonObject tag, PrintStream out) {
    StringBuilder line = new StringBuilder("tag ").append(tag.get("name").getAsString());
    if (!tag.get("name").equals(tag.get("glob"))) {
      line.append(' ').append(tag.get("glob").getAsString());
    }
    for (String key : tag.keySet()) {
      if (key.equals(DEADLINE)) {
        line.append(" deadline=").append(tag.get(key).getAsLong() / 1_000_000).append("ms");
      } else if (!key.equals("name") && !key.equals("glob")) {
        line.append(' ').append(key).append('=').append(tag.get(key).getAsString());
      }
    }
    out.println(OneLine.of(line.toString()));
  }

  private static void printRequest(JsonObject request, PrintStream out) {
    out.printf(
        "  %s%s of %s bytes at %s of %s, device %s%n"
            + "    for %s of %s, waiting for %s; made by \"%s\", request id %s%n",
        request.get("overdue").getAsBoolean() ? "OVERDUE " : "",
        request.get("operation").getAsString(),
        request.get("length"),
        request.get("offset"),
        OneLine.of(request.get("path").getAsString()),
        request.get("device").getAsString(),
        seconds(request, "ageNanos"),
        seconds(request, DEADLINE),
        request.get("waitingFor").getAsString(),
        OneLine.of(request.get("thread").getAsString()),
        request.get("requestId"));
  }

  private static void printThread(JsonObject thread, PrintStream out) {
    out.printf(
        "thread \"%s\"%s, %s%n",
        OneLine.of(thread.get("name").getAsString()),
        thread.get("ours").getAsBoolean()
            ? " of dio-agent"
            : thread.get("native").getAsBoolean() ? " held in the kernel" : " held in dio-agent",
        thread.get("state").getAsString());
    for (JsonElement frame : thread.getAsJsonArray("stack")) {
      out.println("    at " + frame.getAsString());
    }
  }

  private static String first(JsonArray paths) {
    return OneLine.of(paths.get(0).getAsString());
  }

  private String text(String key) {
    return status.get(key).getAsString();
  }

  private static String seconds(JsonObject of, String key) {
    return String.format(Locale.ROOT, "%.3f s", of.get(key).getAsLong() / 1e9);
  }

  private static String bytes(JsonObject of, String key) {
    double amount = of.get(key).getAsLong();
    int unit = 0;
    while (amount >= 1024 && unit < BYTE_UNITS.length - 1) {
      amount /= 1024;
      unit++;
    }
    return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", amount, BYTE_UNITS[unit]);
  }
}
