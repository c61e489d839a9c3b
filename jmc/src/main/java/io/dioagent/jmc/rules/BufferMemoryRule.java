package io.dioagent.jmc.rules;

import java.util.List;
import org.openjdk.jmc.common.util.IPreferenceValueProvider;
import org.openjdk.jmc.flightrecorder.rules.Severity;

/** Whether the memory for data on its way was, or nearly was, used up, and by what. */
public final class BufferMemoryRule extends DioRule {
  /** What the runtime says of a request that found no memory. */
  private static final String NO_MEMORY = "no buffer memory";

  /** The files of one device get half of the memory while another may want some. */
  private static final double ONE_DEVICE = 0.5;

  private static final double NEARLY_ALL = 0.75 * ONE_DEVICE;
  private static final double MUCH_QUARANTINED = 0.5 * ONE_DEVICE;

  /** By the service loader. */
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
          "The recording is too short to have counters, or has no agent's options.");
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
            + " of it by requests given up";
    boolean stuck = quarantined > 0 && quarantined >= limit * MUCH_QUARANTINED;
    boolean nearlyAll = most > 0 && most >= limit * NEARLY_ALL;
    if (refused.isEmpty() && !stuck && !nearlyAll) {
      return Finding.ok("There was memory for all: " + use + ".");
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
        "Data is copied into memory of the agent's, and a write waits for some; the files of one"
            + " device get no more than half of it while another one might want some. When it was"
            + " counted, once a second, "
            + use
            + ". What requests hold that were given up cannot be used again until the kernel has"
            + " answered them."
            + (refused.isEmpty()
                ? ""
                : " Without memory were: "
                    + Places.few(refused, Places::of)
                    + " (the first "
                    + Text.recorded(refused.get(0).text(Fields.REASON))
                    + ").")
            + recording.faults().remark(overdue),
        stuck
            ? "Find out why requests do not end, first: see Lost Completions. More buffer-memory"
                + " only puts it off."
            : "Raise buffer-memory, or lower queue-depth, max-io or the number of threads that"
                + " write at once; slow writes hold their memory for longer, see Slow Writes.");
  }
}
