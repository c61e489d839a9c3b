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

/** Gives access to dio-agent's events in a recording. Immutable. */
final class DioRecording {
  /** If the first event is later than this after the JVM's start, its beginning is missing. */
  private static final long SOON_SECONDS = 5;

  private final IItemCollection items;

  DioRecording(IItemCollection items) {
    this.items = items;
  }

  /** Returns whether there is any event of dio-agent. */
  boolean hasDioEvents() {
    return items.stream()
        .anyMatch(
            lane -> lane.getType().getIdentifier().startsWith(EventKind.PREFIX) && lane.hasItems());
  }

  /** Returns whether the settings turned these events off, so that their absence means nothing. */
  boolean isOff(EventKind kind) {
    List<String> enabled = settings("enabled", kind).toList();
    return !enabled.isEmpty() && !enabled.contains("true");
  }

  /** Returns all events of a kind, in no order. */
  Stream<DioEvent> stream(EventKind kind) {
    return items.apply(ItemFilters.type(kind.id())).stream()
        .flatMap(lane -> lane.stream().map(item -> new DioEvent(lane.getType(), item)));
  }

  /** Returns all events of a kind, in the order of their start. */
  List<DioEvent> list(EventKind kind) {
    return stream(kind).sorted(Comparator.comparingLong(DioEvent::startNanos)).toList();
  }

  /** Returns the agent's options. */
  Options options() {
    return Options.of(list(EventKind.AGENT_CONFIGURATION));
  }

  /** Returns the injected faults. */
  Faults faults() {
    return Faults.of(list(EventKind.FAULT_INJECTED));
  }

  /** Returns whether each write was recorded, however short. */
  boolean hasEveryWrite() {
    return writeThresholdNanos() == 0 && !isOff(EventKind.WRITE);
  }

  /** Returns the duration below which writes were not recorded; the largest, if it changed. */
  long writeThresholdNanos() {
    return settings("threshold", EventKind.WRITE).mapToLong(DioRecording::nanos).max().orElse(0);
  }

  /** Returns each recorded value of a setting of these events. */
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
      // JFR records a value that it cannot parse as it is, and uses no threshold.
      return 0;
    }
  }

  /** Returns whether the recording began with the JVM, or shortly after. */
  boolean beganWithJvm() {
    IQuantity jvmStart =
        items.apply(JdkFilters.VM_INFO).getAggregate(Aggregators.min(JdkAttributes.JVM_START_TIME));
    IQuantity start = RulesToolkit.getEarliestStartTime(items);
    return jvmStart != null
        && start != null
        && start.subtract(jvmStart).clampedLongValueIn(UnitLookup.SECOND) < SOON_SECONDS;
  }

  /** Returns the end of the last event of any kind, since the epoch; 0 if there is none. */
  long endNanos() {
    IQuantity end = RulesToolkit.getLatestEndTime(items);
    return end == null ? 0 : end.clampedLongValueIn(UnitLookup.EPOCH_NS);
  }

  /** Returns the time from the first event of any kind to the end of the last. */
  long spanNanos() {
    IQuantity start = RulesToolkit.getEarliestStartTime(items);
    IQuantity end = RulesToolkit.getLatestEndTime(items);
    return start == null || end == null
        ? 0
        : end.subtract(start).clampedLongValueIn(UnitLookup.NANOSECOND);
  }
}
