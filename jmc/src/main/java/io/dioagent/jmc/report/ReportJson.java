package io.dioagent.jmc.report;

import com.google.gson.GsonBuilder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A report as JSON. Numbers are numbers: sizes in bytes, durations in nanoseconds, times in
 * nanoseconds since the epoch. An unknown value has no key.
 */
final class ReportJson {
  private ReportJson() {}

  /**
   * Returns one object.
   *
   * @param findings of each JVM's rules, in the order of the JVMs
   */
  static String of(
      Verdict verdict, PageData page, List<JvmActivity> jvms, List<List<Rules.Finding>> findings) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("clean", verdict.clean());
    all.put("headline", page.headline());
    all.put("sentences", page.sentences());
    all.put("notes", page.notes());
    putNumbers(all, verdict);
    List<Map<String, Object>> parts = new ArrayList<>();
    for (int i = 0; i < jvms.size(); i++) {
      parts.add(jvm(jvms.get(i), findings.get(i)));
    }
    all.put("jvms", parts);
    return new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create().toJson(all);
  }

  private static void putNumbers(Map<String, Object> object, Verdict verdict) {
    object.put("lost", verdict.lost());
    object.put("late", verdict.late());
    object.put("duplicate", verdict.duplicate());
    object.put("unknown", verdict.unknown());
    object.put("errors", verdict.errors());
    object.put("failedForces", verdict.failedForces());
    object.put("collisions", verdict.collisions());
    object.put("stalls", verdict.stalls());
    object.put("injected", verdict.injected());
    object.put("writes", verdict.writes());
    object.put("directBytes", verdict.directBytes());
    object.put("bufferedBytes", verdict.bufferedBytes());
    object.put("inFlight", verdict.inFlight());
    object.put("underWay", verdict.underWay());
    object.put("unproven", verdict.unproven());
    object.put("fallbackShare", verdict.fallbackShare());
  }

  private static Map<String, Object> jvm(JvmActivity jvm, List<Rules.Finding> findings) {
    RecordedJvm recorded = jvm.jvm();
    Map<String, Object> part = new LinkedHashMap<>();
    part.put("jvm", recorded.label());
    part.put("pid", recorded.pid() == null ? null : Long.valueOf(recorded.pid()));
    part.put("version", recorded.version());
    part.put("recordings", recorded.recordings());
    part.put("startNanos", recorded.startNanos());
    part.put("seconds", (recorded.endNanos() - recorded.startNanos()) / 1e9);
    part.put("clean", jvm.verdict().clean());
    putNumbers(part, jvm.verdict());
    part.put("mostQuarantinedBytes", jvm.counters().mostQuarantinedBytes());
    part.put("errorsByName", jvm.bad().errors());
    part.put("hasAllWrites", jvm.hasAllWrites());
    part.put("latencies", latencies(jvm));
    part.put("files", files(jvm));
    part.put("fallbacks", jvm.fallbacks());
    part.put("eventCounts", eventCounts(jvm.bad()));
    part.put("events", events(jvm.bad()));
    part.put("options", options(jvm.settings()));
    part.put("rules", findings);
    return part;
  }

  private static Map<String, Object> latencies(JvmActivity jvm) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("write", latency(jvm.writes().durations()));
    all.put("read", latency(jvm.reads().durations()));
    all.put("force", latency(jvm.forces().durations()));
    return all;
  }

  private static Map<String, Object> latency(Durations durations) {
    Map<String, Object> one = new LinkedHashMap<>();
    one.put("count", durations.count());
    one.put("meanNanos", durations.meanNanos());
    one.put("p50Nanos", durations.atShare(0.5));
    one.put("p90Nanos", durations.atShare(0.9));
    one.put("p99Nanos", durations.atShare(0.99));
    one.put("p999Nanos", durations.atShare(0.999));
    one.put("maxNanos", durations.maxNanos());
    return one;
  }

  /** Returns all files, by their paths. */
  private static List<Map<String, Object>> files(JvmActivity jvm) {
    return jvm.files().stream()
        .sorted(Comparator.comparing(FileActivity::path))
        .map(ReportJson::file)
        .toList();
  }

  private static Map<String, Object> file(FileActivity file) {
    Map<String, Object> one = new LinkedHashMap<>();
    one.put("path", VisibleText.line(file.path()));
    one.put("direct", file.direct());
    one.put("reason", file.reason());
    one.put("writes", latency(file.writes()));
    one.put("reads", file.reads());
    one.put("directBytes", file.directBytes());
    one.put("bufferedBytes", file.bufferedBytes());
    one.put("readBytes", file.readBytes());
    one.put("badEvents", file.badEvents());
    return one;
  }

  private static Map<String, Long> eventCounts(BadEvents bad) {
    Map<String, Long> counts = new LinkedHashMap<>();
    for (BadKind kind : BadKind.values()) {
      counts.put(kind.event(), bad.count(kind));
    }
    return counts;
  }

  private static List<Map<String, Object>> events(BadEvents bad) {
    return bad.listed().stream().map(event -> event(event, bad.faultOf(event))).toList();
  }

  private static Map<String, Object> event(BadEvent event, String fault) {
    Map<String, Object> one = new LinkedHashMap<>();
    one.put("event", event.kind().event());
    one.put("atNanos", event.atNanos());
    one.put("requestId", event.requestId());
    one.put("path", event.path());
    one.put("offset", event.offset() < 0 ? null : event.offset());
    one.put("length", event.lengthBytes() < 0 ? null : event.lengthBytes());
    one.put("result", event.result());
    one.put("error", event.errorName());
    one.put("ageNanos", nullIfZero(event.ageNanos()));
    one.put("deadlineNanos", nullIfZero(event.deadlineNanos()));
    one.put("stallNanos", nullIfZero(event.stallNanos()));
    one.put("delivered", event.delivered());
    one.put("policy", event.policy());
    one.put("reason", event.reason());
    one.put("thread", event.thread());
    one.put("stack", event.stack() == null ? null : event.stack().lines().toList());
    one.put("fault", fault);
    return one;
  }

  private static Long nullIfZero(long nanos) {
    return nanos == 0 ? null : nanos;
  }

  private static List<Map<String, Object>> options(Map<String, Set<JvmActivity.Setting>> settings) {
    List<Map<String, Object>> all = new ArrayList<>();
    settings.forEach(
        (key, values) -> {
          for (JvmActivity.Setting setting : values) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("key", key);
            one.put("value", setting.value());
            one.put("source", setting.source());
            all.add(one);
          }
        });
    return all;
  }
}
