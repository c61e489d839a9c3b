package io.dioagent.samples.stress;

import io.dioagent.runtime.api.Statistics;
import java.io.PrintStream;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;

/** Prints the report of a run. */
final class Report {
  private static final double BYTES_PER_MB = 1e6;
  private static final double NANOS_PER_SECOND = 1e9;
  private static final double NANOS_PER_MICRO = 1e3;

  private Report() {}

  /** Prints the table of stages, then errors, and the summary as the last line. */
  static void print(StressResult result, PrintStream out) {
    out.printf(
        Locale.ROOT,
        "%-14s %10s %10s %10s  latency in us: %9s %9s %9s %9s %9s%n",
        "stage",
        "requests",
        "MB/s",
        "IOPS",
        "p50",
        "p90",
        "p99",
        "p99.9",
        "max");
    result.stages().forEach(stage -> print(stage, out));
    result.statistics().ifPresent(statistics -> print(statistics, out));
    if (result.shortWrites() > 0) {
      out.println("short writes: " + result.shortWrites());
    }
    Map<String, Long> faults = new TreeMap<>();
    result.faultHits().forEach((kind, count) -> faults.put(kind.option(), count));
    counts("faults", faults, out);
    counts("errors", result.errors(), out);
    out.println(result.summary());
    out.flush();
  }

  private static void counts(String what, Map<String, Long> counts, PrintStream out) {
    if (!counts.isEmpty()) {
      out.println(
          new TreeMap<>(counts)
              .entrySet().stream()
                  .map(count -> count.getKey() + " " + count.getValue())
                  .collect(Collectors.joining(", ", what + ": ", "")));
    }
  }

  private static void print(StageResult stage, PrintStream out) {
    Histogram latency = stage.latency();
    double seconds = stage.durationNanos() / NANOS_PER_SECOND;
    out.printf(
        Locale.ROOT,
        "%-14s %10d %10.1f %10.0f                 %9.1f %9.1f %9.1f %9.1f %9.1f%n",
        stage.name(),
        latency.getTotalCount(),
        stage.bytes() / BYTES_PER_MB / seconds,
        latency.getTotalCount() / seconds,
        latency.getValueAtPercentile(50) / NANOS_PER_MICRO,
        latency.getValueAtPercentile(90) / NANOS_PER_MICRO,
        latency.getValueAtPercentile(99) / NANOS_PER_MICRO,
        latency.getValueAtPercentile(99.9) / NANOS_PER_MICRO,
        latency.getMaxValue() / NANOS_PER_MICRO);
  }

  private static void print(Statistics runtime, PrintStream out) {
    out.printf(
        Locale.ROOT,
        "runtime: direct-bytes=%d buffered-bytes=%d lost=%d late=%d duplicates-dropped=%d"
            + " unknown-dropped=%d collisions=%d in-flight=%d quarantined-bytes=%d%n",
        runtime.directBytes(),
        runtime.bufferedBytes(),
        runtime.lost(),
        runtime.late(),
        runtime.duplicates(),
        runtime.unknown(),
        runtime.collisions(),
        runtime.inFlight(),
        runtime.quarantinedBytes());
  }
}
