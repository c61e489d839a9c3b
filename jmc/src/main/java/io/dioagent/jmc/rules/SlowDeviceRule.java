package io.dioagent.jmc.rules;

import java.util.List;
import org.openjdk.jmc.common.unit.IQuantity;
import org.openjdk.jmc.common.unit.UnitLookup;
import org.openjdk.jmc.common.util.IPreferenceValueProvider;
import org.openjdk.jmc.common.util.TypedPreference;
import org.openjdk.jmc.flightrecorder.rules.Severity;

/** Judges the durations of writes by percentiles. */
public final class SlowDeviceRule extends DioRule {
  static final TypedPreference<IQuantity> SLOW =
      new TypedPreference<>(
          "io.dioagent.slowDevice.slow",
          "Slow write",
          "A device is slow if the slowest hundredth of the writes takes at least this long",
          UnitLookup.TIMESPAN,
          UnitLookup.MILLISECOND.quantity(50));

  /** From this multiple of a slow write's duration the rule warns. */
  private static final int VERY = 10;

  /** With fewer writes the slowest hundredth means nothing, and the rule does not apply. */
  private static final int FEWEST_WRITES = 20;

  /** Called by the service loader. */
  public SlowDeviceRule() {
    super("SlowDevice", "Slow Writes", Topics.LATENCY, List.of(SLOW), EventKind.WRITE);
  }

  @Override
  Finding find(DioRecording recording, IPreferenceValueProvider preferences) {
    long thresholdNanos = recording.writeThresholdNanos();
    long[] durations =
        recording.stream(EventKind.WRITE).mapToLong(DioEvent::durationNanos).toArray();
    Latencies latencies =
        new Latencies(
            durations, thresholdNanos == 0 ? 0 : Counters.of(recording).growth(Fields.WRITES));
    if (latencies.total() < FEWEST_WRITES) {
      return Finding.notApplicable(
          "Too few writes to judge by: "
              + latencies.total()
              + ", expected at least "
              + FEWEST_WRITES
              + ".");
    }
    String summary =
        "Of "
            + Text.count(latencies.total(), "write")
            + " to tagged files half took up to "
            + time(latencies.percentileNanos(0.5), thresholdNanos)
            + ", 99 % up to "
            + time(latencies.percentileNanos(0.99), thresholdNanos)
            + ", and the slowest "
            + time(latencies.mostNanos(), thresholdNanos)
            + notEnded(recording);
    long slowNanos = preferences.getPreferenceValue(SLOW).clampedLongValueIn(UnitLookup.NANOSECOND);
    long p99 = latencies.percentileNanos(0.99);
    if (p99 < slowNanos) {
      return Finding.ok(summary + ".");
    }
    List<DioEvent> slow =
        recording.stream(EventKind.WRITE)
            .filter(event -> event.durationNanos() >= slowNanos)
            .sorted((a, b) -> Long.compare(b.durationNanos(), a.durationNanos()))
            .toList();
    Faults faults = recording.faults();
    return new Finding(
        faults.severity(slow, p99 < VERY * slowNanos ? Severity.INFO : Severity.WARNING),
        summary + ": " + Places.first(slow) + ".",
        (thresholdNanos == 0
                ? "Each write was recorded. "
                : "Writes shorter than "
                    + Text.time(thresholdNanos)
                    + " were not recorded, but counted about once a second: the share of the slow"
                    + " ones is an estimate. ")
            + "A write's duration is the time that its caller waited, including waits for memory"
            + " and for other writes. The slowest: "
            + Places.list(slow, event -> Text.time(event.durationNanos()))
            + "."
            + faults.remark(slow),
        "Check whether the slow writes are long, extend the file, or occur together with Submission"
            + " Stalls; the file system causes those. Otherwise measure the device alone (fio,"
            + " iostat -x), and look for its other users at these times. With write=pipelined the"
            + " caller does not wait, and the contents reach the device later.");
  }

  /** Returns a clause on writes that no duration has, because they had not ended. */
  private static String notEnded(DioRecording recording) {
    List<DioEvent> writes =
        InFlightAtEnd.of(recording).stream()
            .filter(event -> event.text(Fields.OPERATION).endsWith("write"))
            .toList();
    return writes.isEmpty()
        ? ""
        : ", without "
            + Text.count(writes.size(), "write")
            + " that had not ended after up to "
            + Text.time(writes.get(0).nanos(Fields.AGE));
  }

  private static String time(long nanos, long thresholdNanos) {
    return nanos < 0 ? "less than " + Text.time(thresholdNanos) : Text.time(nanos);
  }
}
