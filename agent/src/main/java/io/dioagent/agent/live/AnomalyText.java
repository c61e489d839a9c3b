package io.dioagent.agent.live;

import io.dioagent.runtime.api.Errno;
import java.util.Locale;

/** Puts an anomaly into one line: what, where, since when, why, and what to do. Immutable. */
final class AnomalyText {
  private final long pid;
  private final boolean injecting;

  /**
   * Makes texts for a process.
   *
   * @param injecting whether the option fault is set
   */
  AnomalyText(long pid, boolean injecting) {
    this.pid = pid;
    this.injecting = injecting;
  }

  String of(Anomaly anomaly) {
    return switch (anomaly.kind) {
      case Anomaly.LOST ->
          "lost: "
              + request(anomaly)
              + " has not ended after "
              + time(anomaly.ageNanos)
              + ", deadline "
              + time(anomaly.deadlineNanos)
              + ": "
              + anomaly.reason
              + more(anomaly)
              + advice(
                  "look for a device that hangs (dmesg) or a frozen file system (fsfreeze); \"java"
                      + " -jar dio-agent.jar status "
                      + pid
                      + "\" lists what is in flight");
      case Anomaly.LATE ->
          "late: "
              + request(anomaly)
              + " ended after "
              + time(anomaly.ageNanos)
              + " with "
              + result(anomaly.result)
              + (anomaly.delivered
                  ? "; its caller had waited, and got this"
                  : "; its caller had got an error before, so the file may have these bytes all the"
                      + " same")
              + more(anomaly)
              + advice(
                  "if the device may be that slow, raise deadline=; if not, look for what held it"
                      + " (dmesg)");
      case Anomaly.DUPLICATE ->
          "duplicate: "
              + request(anomaly)
              + " was completed once more after "
              + time(anomaly.ageNanos)
              + ", which was dropped: "
              + anomaly.reason
              + more(anomaly)
              + advice("report it to the kernel's maintainers; engine=pwrite works without");
      default ->
          "error: "
              + request(anomaly)
              + " ended after "
              + time(anomaly.ageNanos)
              + " with "
              + result(anomaly.result)
              + (anomaly.reason == null || anomaly.reason.isEmpty() ? "" : ": " + anomaly.reason)
              + more(anomaly)
              + advice(adviceOn(anomaly.result));
    };
  }

  private static String request(Anomaly anomaly) {
    String where = anomaly.offset < 0 ? "" : " at " + anomaly.offset;
    String what = anomaly.lengthBytes < 0 ? "" : " of " + anomaly.lengthBytes + " bytes" + where;
    String path = anomaly.path.isEmpty() ? "an unknown file" : anomaly.path;
    return "request " + anomaly.requestId + what + " of " + path;
  }

  private static String result(long result) {
    if (result >= 0) {
      return result + " bytes";
    }
    int errno = (int) -result;
    return Errno.name(errno) + " (" + Errno.message(errno) + ")";
  }

  private static String more(Anomaly anomaly) {
    return anomaly.more == 0
        ? ""
        : "; and " + anomaly.more + (anomaly.severalFiles ? " more of other files" : " more of it");
  }

  private String advice(String advice) {
    return "; " + (injecting ? "faults are injected, by fault=" : advice);
  }

  private static String adviceOn(long result) {
    String name = result < 0 ? Errno.name((int) -result) : "";
    return switch (name) {
      case "EIO" -> "check the device (dmesg, smartctl); the file may be damaged there";
      case "ENOSPC", "EDQUOT" -> "make room, or raise the quota (df, quota)";
      case "EFBIG" -> "raise the process's limit (ulimit -f), or use another file system";
      case "EROFS" -> "the file system became read-only, see dmesg";
      default -> "the recording has the caller's stack";
    };
  }

  /** Formats a duration, in the unit that leaves some digits. */
  static String time(long nanos) {
    return nanos < 1_000_000_000
        ? String.format(Locale.ROOT, "%.1f ms", nanos / 1e6)
        : String.format(Locale.ROOT, "%.1f s", nanos / 1e9);
  }
}
