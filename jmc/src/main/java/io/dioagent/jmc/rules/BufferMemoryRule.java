package io.dioagent.jmc.rules;

import java.util.List;
import org.openjdk.jmc.common.util.IPreferenceValueProvider;
import org.openjdk.jmc.flightrecorder.rules.Severity;

/**
 * Judges whether the memory for data in flight was, or nearly was, used up, and by which requests.
 */
public final class BufferMemoryRule extends DioRule {
  /** Part of the reason that the runtime records for a request that found no memory. */
  private static final String NO_MEMORY = "no buffer memory";

  /** One device gets this share of the memory at most while another device may need some. */
  private static final double ONE_DEVICE = 0.5;

  /** Use of this share is reported as information. */
  private static final double NEARLY_ALL = 0.75 * ONE_DEVICE;

  /** If lost requests hold this share, the rule warns. */
  private static final double MUCH_QUARANTINED = 0.5 * ONE_DEVICE;

  /** Called by the service loader. */
  public BufferMemoryRule() {
    super(
        "BufferMemory",
        "Buffer Memory",
        Topics.OVERVIEW,
        List.of(),
        EventKind.RUNTIME_STATISTICS,
        EventKind.LOST_COMPLETION);
  }

  @Override
  Finding find(DioRecording recording, IPreferenceValueProvider preferences) {
    Options options = recording.options();
    long limit = Math.max(options.number("buffer-memory"), options.number("max-io"));
    Counters counters = Counters.of(recording);
    List<DioEvent> overdue = recording.list(EventKind.LOST_COMPLETION);
    List<DioEvent> refused =
        overdue.stream().filter(event -> event.text(Fields.REASON).contains(NO_MEMORY)).toList();
    if (refused.isEmpty() && (limit == 0 || counters.isEmpty())) {
      return Finding.notApplicable(
          "The recording is too short to have counters, or lacks the agent's options.");
    }
    long most = counters.mostBytes(Fields.BUFFER_BYTES);
    long quarantined = counters.mostBytes(Fields.QUARANTINED_BYTES);
    String use =
        "at most "
            + Text.bytes(most)
            + " of buffer-memory, which is "
            + Text.bytes(limit)
            + ", were in use, and "
            + Text.bytes(quarantined)
            + " of them by lost requests";
    boolean stuck = quarantined > 0 && quarantined >= limit * MUCH_QUARANTINED;
    boolean nearlyAll = most > 0 && most >= limit * NEARLY_ALL;
    if (refused.isEmpty() && !stuck && !nearlyAll) {
      return Finding.ok("All requests found buffer memory: " + use + ".");
    }
    boolean bad = !refused.isEmpty() || stuck;
    return new Finding(
        bad ? Severity.WARNING : Severity.INFO,
        refused.isEmpty()
            ? "Buffer memory was nearly used up: " + use + "."
            : Text.count(refused.size(), "request")
                + " found no buffer memory until their deadline: "
                + Places.first(refused)
                + ".",
        "The agent copies data into its own memory, and a write waits until some is free. The files"
            + " of one device get at most half of it while another device may need some. In samples"
            + " taken once a second, "
            + use
            + ". The memory of lost requests cannot be used again until the kernel has answered"
            + " them."
            + (refused.isEmpty()
                ? ""
                : " These requests found no memory: "
                    + Places.few(refused, Places::of)
                    + " (reason of the first: "
                    + Text.recorded(refused.get(0).text(Fields.REASON))
                    + ").")
            + recording.faults().remark(overdue),
        stuck
            ? "First find out why requests do not end: see Lost Completions. More buffer-memory"
                + " only delays the shortage."
            : "Raise buffer-memory, or lower queue-depth, max-io or the number of threads that"
                + " write at once. Slow writes hold their memory longer: see Slow Writes.");
  }
}
