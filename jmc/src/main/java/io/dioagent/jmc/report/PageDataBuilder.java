package io.dioagent.jmc.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Puts the activities of the JVMs side by side. */
final class PageDataBuilder {
  /** Only this many files are listed: first those with bad events, then those with most bytes. */
  private static final int LISTED_FILES = 500;

  /** Only this many reasons are listed: those with most bytes. */
  private static final int LISTED_FALLBACKS = 100;

  private final TimeGrid grid;
  private final List<JvmActivity> jvms;
  private final Table paths = new Table();
  private final Table stacks = new Table();

  PageDataBuilder(TimeGrid grid, List<JvmActivity> jvms) {
    this.grid = grid;
    this.jvms = jvms;
  }

  /** Keeps each text once, however often it occurs. */
  private static final class Table {
    private final Map<String, Integer> indices = new LinkedHashMap<>();

    int index(String text) {
      return text == null ? -1 : indices.computeIfAbsent(text, none -> indices.size());
    }

    List<String> texts() {
      return List.copyOf(indices.keySet());
    }
  }

  PageData build(Verdict verdict, Words words, List<List<Rules.Finding>> findings) {
    List<PageData.Bad> bad = bad();
    List<PageData.FileRow> files = files();
    return new PageData(
        words.headline(),
        words.sentences(),
        verdict.clean(),
        notes(),
        System.currentTimeMillis(),
        new PageData.Axis(
            grid.relative(), grid.originNanos() / 1e9, grid.bucketSeconds(), grid.buckets()),
        jvms.stream().map(this::jvm).toList(),
        paths.texts(),
        stacks.texts(),
        kinds(),
        bad,
        BadEvents.LISTED_OF_A_KIND,
        files,
        jvms.stream().mapToLong(jvm -> jvm.files().size()).sum(),
        fallbacks(),
        options(),
        rules(findings));
  }

  /** Returns notes that a reader needs to interpret the numbers. */
  private List<String> notes() {
    List<String> notes = new ArrayList<>();
    for (JvmActivity jvm : jvms) {
      if (!jvm.hasAllWrites()) {
        notes.add(
            String.format(
                "%s has %,d of %,d writes as events: JFR's threshold omits short writes. Latencies"
                    + " and files cover only these; throughput covers all. To record each write,"
                    + " add settings=dio.jfc.",
                jvm.jvm().label(), jvm.writes().count(), jvm.counters().writes()));
      }
    }
    return notes;
  }

  private PageData.Jvm jvm(JvmActivity jvm) {
    RecordedJvm recorded = jvm.jvm();
    Verdict verdict = jvm.verdict();
    return new PageData.Jvm(
        recorded.label(),
        name(recorded),
        recorded.recordings(),
        recorded.version(),
        millis(recorded.startNanos()),
        (recorded.endNanos() - recorded.startNanos()) / 1e9,
        verdict,
        verdict.fallbackShare(),
        jvm.hasAllWrites(),
        rates(jvm.directBytesByTime()),
        rates(jvm.bufferedBytesByTime()),
        jvm.reads().count() == 0
            ? null
            : rates(sum(jvm.reads().directBytesByTime(), jvm.reads().bufferedBytesByTime())),
        operations(jvm),
        nullIfEmpty(jvm.counters().inFlightByTime()),
        jvm.hasAllWrites() && jvm.writes().count() > 0
            ? rounded(jvm.writes().meanUnderWay())
            : null,
        jvm.counters().mostQuarantinedBytes(),
        badByTime(jvm.bad()));
  }

  private String name(RecordedJvm recorded) {
    String name = recorded.shortLabel();
    long others = jvms.stream().filter(jvm -> jvm.jvm().shortLabel().equals(name)).count() - 1;
    return others == 0 ? name : recorded.label();
  }

  private static double millis(long nanos) {
    return (nanos - nanos % 1000) / 1e6;
  }

  private List<Long> rates(double[] bytes) {
    return Arrays.stream(bytes).mapToObj(sum -> Math.round(sum / grid.bucketSeconds())).toList();
  }

  private static double[] sum(double[] some, double[] others) {
    double[] sums = new double[some.length];
    Arrays.setAll(sums, i -> some[i] + others[i]);
    return sums;
  }

  private static List<Double> rounded(double[] values) {
    return Arrays.stream(values).mapToObj(value -> Math.round(value * 1000) / 1000.0).toList();
  }

  /** Returns a list, which may contain nulls; null if all are. */
  private static List<Long> nullIfEmpty(Long[] values) {
    return Arrays.stream(values).allMatch(value -> value == null) ? null : Arrays.asList(values);
  }

  private static List<PageData.OperationRow> operations(JvmActivity jvm) {
    Map<String, Operation> all = new LinkedHashMap<>();
    all.put("write", jvm.writes());
    all.put("read", jvm.reads());
    all.put("force", jvm.forces());
    List<PageData.OperationRow> rows = new ArrayList<>();
    all.forEach(
        (name, operation) -> {
          if (operation.count() > 0) {
            rows.add(operation(name, operation));
          }
        });
    return rows;
  }

  private static PageData.OperationRow operation(String name, Operation operation) {
    Durations durations = operation.durations();
    Durations.Coarse coarse = durations.coarse();
    return new PageData.OperationRow(
        name,
        durations.count(),
        durations.meanNanos(),
        durations.atShare(0.5),
        durations.atShare(0.9),
        durations.atShare(0.99),
        durations.atShare(0.999),
        Math.max(durations.maxNanos(), operation.unendedNanos()),
        operation.unendedNanos() > durations.maxNanos(),
        coarse.first(),
        coarse.counts(),
        Arrays.asList(operation.atShareByTime(0.5)),
        Arrays.asList(operation.atShareByTime(0.99)),
        Arrays.asList(operation.atShareByTime(1)));
  }

  private static Map<BadKind, List<Integer>> badByTime(BadEvents bad) {
    Map<BadKind, List<Integer>> all = new EnumMap<>(BadKind.class);
    for (BadKind kind : BadKind.values()) {
      long[] counts = bad.byTime(kind);
      if (counts != null) {
        all.put(kind, Arrays.stream(counts).mapToObj(count -> Math.toIntExact(count)).toList());
      }
    }
    return all;
  }

  private List<PageData.Kind> kinds() {
    List<PageData.Kind> kinds = new ArrayList<>();
    for (BadKind kind : BadKind.values()) {
      long count = jvms.stream().mapToLong(jvm -> jvm.bad().count(kind)).sum();
      if (count > 0) {
        kinds.add(new PageData.Kind(kind, kind.label(), count));
      }
    }
    return kinds;
  }

  private List<PageData.Bad> bad() {
    List<PageData.Bad> all = new ArrayList<>();
    for (int i = 0; i < jvms.size(); i++) {
      BadEvents bad = jvms.get(i).bad();
      for (BadEvent event : bad.listed()) {
        all.add(bad(i, event, bad.faultOf(event)));
      }
    }
    all.sort(Comparator.comparingDouble(PageData.Bad::atMillis));
    return all;
  }

  private PageData.Bad bad(int jvm, BadEvent event, String fault) {
    return new PageData.Bad(
        event.kind(),
        jvm,
        millis(event.atNanos()),
        event.requestId() == 0 ? null : Long.toString(event.requestId()),
        paths.index(event.path()),
        event.offset() < 0 ? null : Long.toString(event.offset()),
        event.lengthBytes() < 0 ? null : Long.toString(event.lengthBytes()),
        event.result() == null ? null : event.result().toString(),
        event.errorName(),
        event.ageNanos(),
        event.deadlineNanos(),
        event.stallNanos(),
        event.delivered(),
        event.policy(),
        event.reason(),
        event.thread(),
        stacks.index(event.stack()),
        fault);
  }

  private List<PageData.FileRow> files() {
    record Candidate(int jvm, FileActivity file) {}

    List<Candidate> all = new ArrayList<>();
    for (int i = 0; i < jvms.size(); i++) {
      for (FileActivity file : jvms.get(i).files()) {
        all.add(new Candidate(i, file));
      }
    }
    all.sort(
        Comparator.comparingLong((Candidate one) -> -one.file().badEvents())
            .thenComparingLong(one -> -one.file().allBytes())
            .thenComparing(one -> one.file().path()));
    return all.stream().limit(LISTED_FILES).map(one -> fileRow(one.jvm(), one.file())).toList();
  }

  private PageData.FileRow fileRow(int jvm, FileActivity file) {
    return new PageData.FileRow(
        paths.index(VisibleText.line(file.path())),
        jvm,
        file.direct(),
        file.reason(),
        file.writes().count(),
        file.reads(),
        file.directBytes(),
        file.bufferedBytes(),
        file.readBytes(),
        file.writes().meanNanos(),
        file.writes().atShare(0.99),
        Math.max(file.writes().maxNanos(), file.unendedNanos()),
        file.unendedNanos() > file.writes().maxNanos(),
        file.badEvents());
  }

  private List<PageData.FallbackRow> fallbacks() {
    List<PageData.FallbackRow> all = new ArrayList<>();
    for (int i = 0; i < jvms.size(); i++) {
      for (JvmActivity.Fallback fallback : jvms.get(i).fallbacks()) {
        all.add(new PageData.FallbackRow(i, fallback.reason(), fallback.parts(), fallback.bytes()));
      }
    }
    all.sort(Comparator.comparingLong((PageData.FallbackRow row) -> -row.bytes()));
    return List.copyOf(all.subList(0, Math.min(all.size(), LISTED_FALLBACKS)));
  }

  private List<PageData.Option> options() {
    Set<String> keys = new LinkedHashSet<>();
    jvms.forEach(jvm -> keys.addAll(jvm.settings().keySet()));
    List<PageData.Option> options = new ArrayList<>();
    for (String key : keys) {
      options.add(
          new PageData.Option(
              key,
              jvms.stream()
                  .map(jvm -> List.copyOf(jvm.settings().getOrDefault(key, Set.of())))
                  .toList()));
    }
    return options;
  }

  /** Groups findings by rule. They come by JVM, all in the same order of rules. */
  private static List<PageData.RuleRow> rules(List<List<Rules.Finding>> byJvm) {
    List<PageData.RuleRow> rows = new ArrayList<>();
    for (int i = 0; i < byJvm.get(0).size(); i++) {
      int rule = i;
      rows.add(
          new PageData.RuleRow(
              byJvm.get(0).get(rule).rule(),
              byJvm.stream().map(findings -> findings.get(rule)).toList()));
    }
    return rows;
  }
}
