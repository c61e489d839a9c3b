package io.dioagent.jmc.rules;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.openjdk.jmc.common.util.IPreferenceValueProvider;
import org.openjdk.jmc.flightrecorder.rules.Severity;

/** Lists requests and forces that ended with an error, by error and file. */
public final class CompletionErrorsRule extends DioRule {

  /** Called by the service loader. */
  public CompletionErrorsRule() {
    super(
        "CompletionErrors",
        "I/O Errors",
        Topics.FAULTS,
        List.of(),
        EventKind.COMPLETION_ERROR,
        EventKind.FORCE);
  }

  @Override
  Finding find(DioRecording recording, IPreferenceValueProvider preferences) {
    List<DioEvent> requests = recording.list(EventKind.COMPLETION_ERROR);
    List<DioEvent> forces =
        recording.list(EventKind.FORCE).stream()
            .filter(event -> event.count(Fields.ERRNO) != 0)
            .toList();
    List<DioEvent> all = new ArrayList<>(requests);
    all.addAll(forces);
    if (all.isEmpty()) {
      return Finding.ok("No request and no force ended with an error.");
    }
    Faults faults = recording.faults();
    String forcesFailed =
        forces.isEmpty()
            ? ""
            : " After a failed force, bytes of writes that had returned may not be on the device;"
                + " the kernel reports this only once.";
    return new Finding(
        faults.severity(all, Severity.WARNING),
        what(requests.size(), forces.size())
            + " ended with an error: "
            + error(all.get(0))
            + " of "
            + Places.first(all)
            + ".",
        "The callers got these errors: "
            + Places.few(byErrorAndFile(all), CompletionErrorsRule::describe)
            + "."
            + forcesFailed
            + faults.remark(all),
        advice(all));
  }

  private static String what(int requests, int forces) {
    if (requests == 0) {
      return Text.count(forces, "force");
    }
    String failed = Text.count(requests, "request");
    return forces == 0 ? failed : failed + " and " + Text.count(forces, "force");
  }

  /** Groups the events, the largest group first. */
  private static List<List<DioEvent>> byErrorAndFile(List<DioEvent> events) {
    Map<String, List<DioEvent>> groups = new LinkedHashMap<>();
    for (DioEvent event : events) {
      groups
          .computeIfAbsent(error(event) + " " + event.path(), key -> new ArrayList<>())
          .add(event);
    }
    List<List<DioEvent>> sorted = new ArrayList<>(groups.values());
    sorted.sort(Comparator.comparingInt((List<DioEvent> group) -> group.size()).reversed());
    return sorted;
  }

  private static String describe(List<DioEvent> group) {
    DioEvent first = group.get(0);
    return group.size() + " times " + error(first) + ", first of " + Places.of(first);
  }

  private static String error(DioEvent event) {
    String name = event.text(Fields.ERRNO_NAME);
    return name.isEmpty() ? "errno " + event.count(Fields.ERRNO) : Text.recorded(name);
  }

  private static String advice(List<DioEvent> events) {
    Set<String> advice = new LinkedHashSet<>();
    events.forEach(event -> advice.add(advice(error(event))));
    return String.join(" ", advice);
  }

  private static String advice(String error) {
    return switch (error) {
      case "EIO" ->
          "EIO comes from the device: check the kernel's log (dmesg) and the device's health"
              + " (smartctl), and treat the file's contents at these offsets as damaged.";
      case "ENOSPC", "EDQUOT" ->
          error + " comes from the file system: make room, or raise the quota (df, quota).";
      case "EFBIG" -> "EFBIG comes from a limit: the process's (ulimit -f) or the file system's.";
      case "EROFS" ->
          "EROFS: the file system became read-only, usually after an error; see the kernel's log.";
      default -> error + ": see the event's Reason.";
    };
  }
}
