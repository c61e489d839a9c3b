package io.dioagent.samples;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

/**
 * Summarizes the direct I/O events of a recording in lines of {@code key=value}.
 *
 * <p>{@code RecordingSummary RECORDING.jfr} prints the counts of writes, bytes and anomalies;
 * {@code buffered=BYTES PARTS REASON} for each reason for buffered writes, and {@code error=COUNT
 * ERRNO} for each errno. A write counts only if the recording has its event: record with {@code
 * dio.jfc}, which sets no threshold.
 */
public final class RecordingSummary {
  private static final String PREFIX = "io.dioagent.";

  /** A number of parts, and their bytes. */
  private static final class Total {
    long count;
    long bytes;
  }

  private final Map<String, Long> eventsByName = new TreeMap<>();
  private final Map<String, Total> bufferedByReason = new TreeMap<>();
  private final Map<String, Long> errorsByName = new TreeMap<>();
  private long directBytes;
  private long bufferedBytes;
  private long oldestNanos;

  /** Runs the application. */
  public static void main(String[] args) throws IOException {
    if (args.length != 1) {
      throw Usage.exit("RecordingSummary RECORDING.jfr");
    }
    of(Path.of(args[0])).lines().forEach(System.out::println);
  }

  /** Reads a recording. */
  static RecordingSummary of(Path recording) throws IOException {
    RecordingSummary summary = new RecordingSummary();
    try (RecordingFile file = new RecordingFile(recording)) {
      while (file.hasMoreEvents()) {
        RecordedEvent event = file.readEvent();
        String name = event.getEventType().getName();
        if (name.startsWith(PREFIX)) {
          summary.add(name.substring(PREFIX.length()), event);
        }
      }
    }
    return summary;
  }

  private void add(String name, RecordedEvent event) {
    eventsByName.merge(name, 1L, Long::sum);
    switch (name) {
      case "Write" -> {
        directBytes += event.getLong("directBytes");
        bufferedBytes += event.getLong("bufferedBytes");
        oldestNanos = Math.max(oldestNanos, event.getDuration().toNanos());
      }
      case "BufferedFallback" -> {
        Total total =
            bufferedByReason.computeIfAbsent(event.getString("reason"), reason -> new Total());
        total.count++;
        total.bytes += event.getLong("length");
      }
      case "CompletionError" ->
          errorsByName.merge(String.valueOf(event.getString("errnoName")), 1L, Long::sum);
      case "LostCompletion", "LateCompletion" ->
          oldestNanos = Math.max(oldestNanos, event.getDuration("ageNanos").toNanos());
      default -> {}
    }
  }

  /** Returns the lines to print. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add("files=" + count("TaggedFile"));
    lines.add("writes=" + count("Write"));
    lines.add("bytes.direct=" + directBytes);
    lines.add("bytes.buffered=" + bufferedBytes);
    bufferedByReason.forEach(
        (reason, total) -> lines.add("buffered=" + total.bytes + " " + total.count + " " + reason));
    lines.add("lost=" + count("LostCompletion"));
    lines.add("late=" + count("LateCompletion"));
    lines.add("duplicates=" + count("DuplicateCompletion"));
    lines.add("unknown=" + count("UnknownCompletion"));
    lines.add("collisions=" + count("PageCacheCollision"));
    lines.add("stalls=" + count("SubmissionStall"));
    lines.add("faults=" + count("FaultInjected"));
    lines.add("errors=" + count("CompletionError"));
    errorsByName.forEach((errno, count) -> lines.add("error=" + count + " " + errno));
    lines.add("age.max.ms=" + (oldestNanos + 500_000) / 1_000_000);
    return lines;
  }

  private long count(String name) {
    return eventsByName.getOrDefault(name, 0L);
  }
}
