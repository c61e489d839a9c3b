package io.dioagent.jmc.rules;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.openjdk.jmc.common.item.Aggregators;
import org.openjdk.jmc.common.item.IItemCollection;
import org.openjdk.jmc.common.item.ItemFilters;
import org.openjdk.jmc.common.unit.IQuantity;
import org.openjdk.jmc.common.unit.QuantityConversionException;
import org.openjdk.jmc.common.unit.UnitLookup;
import org.openjdk.jmc.flightrecorder.jdk.JdkAttributes;
import org.openjdk.jmc.flightrecorder.jdk.JdkFilters;
import org.openjdk.jmc.flightrecorder.rules.util.RulesToolkit;

/** What a recording has of our events. Immutable. */
final class DioRecording {
  /** A JVM that records from its start has its first event by then. */
  private static final long SOON_SECONDS = 5;

  private final IItemCollection items;

  DioRecording(IItemCollection items) {
    this.items = items;
  }

  /** Whether there is any event of ours. */
  boolean isOurs() {
    return items.stream()
        .anyMatch(
            lane -> lane.getType().getIdentifier().startsWith(EventKind.PREFIX) && lane.hasItems());
  }

  /** Whether the recording's settings turned these events off, so that none says nothing. */
  boolean isOff(EventKind kind) {
    List<String> enabled = settings("enabled", kind).toList();
    return !enabled.isEmpty() && !enabled.contains("true");
  }

  /** All events of a kind, in no order. */
  Stream<DioEvent> stream(EventKind kind) {
    return items.apply(ItemFilters.type(kind.id())).stream()
        .flatMap(lane -> lane.stream().map(item -> new DioEvent(lane.getType(), item)));
  }

  /** All events of a kind, in the order of their start. */
  List<DioEvent> list(EventKind kind) {
    return stream(kind).sorted(Comparator.comparingLong(DioEvent::startNanos)).toList();
  }

  /** The options that the agent ran with. */
  Options options() {
    return Options.of(list(EventKind.AGENT_CONFIGURATION));
  }

  /** The faults that were injected. */
  Faults faults() {
    return Faults.of(list(EventKind.FAULT_INJECTED));
  }

  /** Whether each write was recorded, however short. */
  boolean hasEveryWrite() {
    return writeThresholdNanos() == 0 && !isOff(EventKind.WRITE);
  }

  /** Shorter writes were not recorded; the largest, if it was changed. */
  long writeThresholdNanos() {
    return settings("threshold", EventKind.WRITE).mapToLong(DioRecording::nanos).max().orElse(0);
  }

  /** What a setting of these events was, each time that it was told. */
  private Stream<String> settings(String name, EventKind kind) {
    return items.apply(RulesToolkit.getSettingsFilter(name, kind.id())).stream()
        .flatMap(
            lane ->
                lane.stream()
                    .map(JdkAttributes.REC_SETTING_VALUE.getAccessor(lane.getType())::getMember));
  }

  private static long nanos(String threshold) {
    try {
      return RulesToolkit.parsePersistedJvmTimespan(threshold)
          .clampedLongValueIn(UnitLookup.NANOSECOND);
    } catch (QuantityConversionException e) {
      // What JFR takes for no time at all, it records as such.
      return 0;
    }
  }

  /** Whether it has all from the start of the JVM, or nearly so. */
  boolean beganWithJvm() {
    IQuantity jvmStart =
        items.apply(JdkFilters.VM_INFO).getAggregate(Aggregators.min(JdkAttributes.JVM_START_TIME));
    IQuantity start = RulesToolkit.getEarliestStartTime(items);
    return jvmStart != null
        && start != null
        && start.subtract(jvmStart).clampedLongValueIn(UnitLookup.SECOND) < SOON_SECONDS;
  }

  /** From the first event of any kind to the last one's end. */
  long spanNanos() {
    IQuantity start = RulesToolkit.getEarliestStartTime(items);
    IQuantity end = RulesToolkit.getLatestEndTime(items);
    return start == null || end == null
        ? 0
        : end.subtract(start).clampedLongValueIn(UnitLookup.NANOSECOND);
  }
}
