package io.dioagent.jmc.report;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.openjdk.jmc.common.item.IItem;
import org.openjdk.jmc.common.item.IItemIterable;

/** The activity of one JVM, added up in one pass over its events. */
final class JvmActivity {
  /** Source of the agent's own counts among the settings. */
  private static final String COUNTED = "counted";

  private final RecordedJvm jvm;
  private final TimeGrid grid;
  private final Operation writes;
  private final Operation reads;
  private final Operation forces;
  private final Counters counters;
  private final BadEvents bad;
  private final InFlightAtEnd inFlight = new InFlightAtEnd();
  private final Map<String, FileActivity> files = new HashMap<>();
  private final Map<String, Fallback> fallbacks = new HashMap<>();
  private final Map<String, Set<Setting>> settings = new LinkedHashMap<>();

  /** A value of an option, and its source. */
  record Setting(String value, String source) {}

  /** Parts and bytes that went through the page cache for one reason. */
  record Fallback(String reason, long parts, long bytes) {
    Fallback plus(Fallback other) {
      return new Fallback(reason, parts + other.parts, bytes + other.bytes);
    }
  }

  private JvmActivity(RecordedJvm jvm, TimeGrid grid) {
    this.jvm = jvm;
    this.grid = grid;
    writes = new Operation(grid);
    reads = new Operation(grid);
    forces = new Operation(grid);
    counters = new Counters(grid);
    bad = new BadEvents(grid);
  }

  static JvmActivity of(RecordedJvm jvm, TimeGrid grid) {
    JvmActivity activity = new JvmActivity(jvm, grid);
    for (IItemIterable events : jvm.items()) {
      if (events.getType().getIdentifier().startsWith(Recordings.EVENT_PREFIX)) {
        Row.Type type = Row.Type.of(events);
        for (IItem item : events) {
          activity.add(type.row(item));
        }
      }
    }
    activity.end();
    return activity;
  }

  private void end() {
    counters.end();
    for (Row row : notEnded()) {
      long to = grid.at(jvm, row.endNanos());
      long age = row.number("ageNanos");
      String what = String.valueOf(row.text("operation"));
      bad.addInFlight(row, inFlight.withStack(row), to);
      file(row).addBad();
      if (what.endsWith("read")) {
        reads.addUnended(age, to);
      } else if (what.endsWith("force")) {
        forces.addUnended(age, to);
      } else if (what.endsWith("write")) {
        writes.addUnended(age, to);
        file(row).addUnendedWrite(age);
      }
    }
  }

  private void add(Row row) {
    long to = grid.at(jvm, row.endNanos());
    switch (row.name().substring(Recordings.EVENT_PREFIX.length())) {
      case "Write" -> {
        add(writes, row, row.number("directBytes"), row.number("bufferedBytes"));
        file(row).addWrite(row);
      }
      case "Read" -> {
        add(reads, row, row.number("directBytes"), row.number("bufferedBytes"));
        file(row).addRead(row);
      }
      case "Force" -> add(forces, row, 0, 0);
      case "RuntimeStatistics" -> {
        counters.add(row, to);
        inFlight.addSample(row);
      }
      case "InFlight" -> inFlight.add(row);
      case "BufferedFallback" -> addFallback(row);
      case "FaultInjected" -> bad.addFault(row);
      case "TaggedFile" -> file(row).tagged(row);
      case "AgentConfiguration" -> addSetting(row);
      default -> {} // A bad event, or one that this version does not know.
    }
    BadKind kind = BadKind.of(row);
    if (kind != null) {
      bad.add(kind, row, to);
      if (row.text("path") != null) {
        file(row).addBad();
      }
    }
  }

  private void add(Operation operation, Row row, long direct, long buffered) {
    operation.add(grid.at(jvm, row.startNanos()), grid.at(jvm, row.endNanos()), direct, buffered);
  }

  private FileActivity file(Row row) {
    return files.computeIfAbsent(String.valueOf(row.text("path")), FileActivity::new);
  }

  private void addFallback(Row row) {
    String reason = String.valueOf(VisibleText.line(row.text("reason")));
    fallbacks.merge(reason, new Fallback(reason, 1, row.number("length")), Fallback::plus);
  }

  private void addSetting(Row row) {
    if (COUNTED.equals(row.text("source"))) {
      return; // Not an option, but the number of files of a tag.
    }
    settings
        .computeIfAbsent(
            String.valueOf(VisibleText.line(row.text("key"))), none -> new LinkedHashSet<>())
        .add(
            new Setting(VisibleText.line(row.text("value")), VisibleText.line(row.text("source"))));
  }

  RecordedJvm jvm() {
    return jvm;
  }

  Operation writes() {
    return writes;
  }

  Operation reads() {
    return reads;
  }

  Operation forces() {
    return forces;
  }

  Counters counters() {
    return counters;
  }

  /** Returns the operations that had not ended at the end, the oldest first; of many not all. */
  List<Row> notEnded() {
    return inFlight.rows(jvm.endNanos());
  }

  BadEvents bad() {
    return bad;
  }

  Collection<FileActivity> files() {
    return files.values();
  }

  List<Fallback> fallbacks() {
    return new ArrayList<>(fallbacks.values());
  }

  /** Returns the values by key; an option that was changed or repeated has several. */
  Map<String, Set<Setting>> settings() {
    return settings;
  }

  /** Returns whether every write has an event. If not, JFR's threshold omitted the short ones. */
  boolean hasAllWrites() {
    return writes.count() >= counters.writes();
  }

  /**
   * Returns whether the events have more bytes than the counters, which miss the time before their
   * first sample and after their last.
   */
  private boolean areEventsFuller() {
    return writes.directBytes() + writes.bufferedBytes()
        >= counters.directBytes() + counters.bufferedBytes();
  }

  /** Returns whether the agent only observed. */
  boolean isObserving() {
    return settings.getOrDefault("mode", Set.of()).stream()
        .anyMatch(setting -> "observe".equals(setting.value()));
  }

  double[] directBytesByTime() {
    return areEventsFuller() ? writes.directBytesByTime() : counters.directBytesByTime();
  }

  double[] bufferedBytesByTime() {
    return areEventsFuller() ? writes.bufferedBytesByTime() : counters.bufferedBytesByTime();
  }

  Verdict verdict() {
    return new Verdict(
        bad.count(BadKind.LOST),
        bad.count(BadKind.LATE),
        bad.count(BadKind.DUPLICATE),
        bad.count(BadKind.UNKNOWN),
        bad.count(BadKind.ERROR),
        bad.count(BadKind.FAILED_FORCE),
        bad.count(BadKind.COLLISION),
        bad.count(BadKind.STALL),
        bad.faults(),
        Math.max(writes.count(), counters.writes()),
        areEventsFuller() ? writes.directBytes() : counters.directBytes(),
        areEventsFuller() ? writes.bufferedBytes() : counters.bufferedBytes(),
        inFlight.count(jvm.endNanos()),
        inFlight.young(jvm.endNanos()),
        inFlight.isKnown() ? 0 : 1);
  }
}
