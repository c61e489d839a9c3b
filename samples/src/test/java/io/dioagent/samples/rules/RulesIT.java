package io.dioagent.samples.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.dioagent.samples.TargetDirectory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.openjdk.jmc.flightrecorder.rules.Severity;

/**
 * Checks that each rule finds its defect in a recording, names file and offset, and finds nothing
 * in a healthy run. Each recording is made once.
 */
class RulesIT {
  /** Stands for the file that the run wrote. */
  private static final String FILE = "FILE";

  private static final String FOURTH = FILE + " at offset 12288, 4096 bytes";

  /**
   * A rule, a run with its defect, the severity, and parts of the text. Injected faults are never
   * worse than INFO.
   */
  private record Defect(String rule, Scenario scenario, Severity severity, List<String> texts) {
    @Override
    public String toString() {
      return rule + " in " + scenario;
    }
  }

  private static Defect defect(String rule, Scenario scenario, Severity severity, String... texts) {
    return new Defect(rule, scenario, severity, List.of(texts));
  }

  @TempDir(factory = TargetDirectory.class)
  static Path directory;

  private static final Map<Scenario, Judged> JUDGED = new EnumMap<>(Scenario.class);

  @BeforeAll
  static void needsDirectIo() throws Exception {
    directory = directory.toRealPath();
    String type = Files.getFileStore(directory).type();
    boolean direct = !type.equals("tmpfs") && !type.equals("btrfs");
    if (!direct) {
      System.out.println("skipped: " + type + " is not written past memory");
    }
    assumeTrue(direct, type);
  }

  private static Judged judged(Scenario scenario) throws Exception {
    Judged known = JUDGED.get(scenario);
    if (known == null) {
      Path recording = run(scenario).run();
      known = scenario == Scenario.SLOW ? Judged.of(recording) : Judged.onBusyDisk(recording);
      JUDGED.put(scenario, known);
    }
    return known;
  }

  private static RecordedRun run(Scenario scenario) {
    return new RecordedRun(directory, scenario, false);
  }

  static Stream<Defect> defects() {
    return Stream.concat(defectsOfRequests(), defectsOfSettings());
  }

  /** Anomalies of single requests, made by one fault each. */
  private static Stream<Defect> defectsOfRequests() {
    return Stream.of(
        defect("LostCompletions", Scenario.LOST, Severity.INFO, FOURTH, "by fault=lose"),
        defect("LateCompletions", Scenario.LATE, Severity.INFO, FOURTH, "by fault=late"),
        defect(
            "DuplicateCompletions",
            Scenario.DUPLICATE,
            Severity.INFO,
            "1 completion came twice",
            FOURTH,
            "by fault=duplicate"),
        defect(
            "CompletionErrors",
            Scenario.ERRORS,
            Severity.INFO,
            "1 times EIO, first of " + FOURTH,
            "1 times ENOSPC, first of " + FILE + " at offset 20480, 4096 bytes",
            "fault=eio",
            "smartctl"),
        defect(
            "PageCacheCollisions",
            Scenario.COLLISION,
            Severity.INFO,
            FOURTH,
            "applied on-collision=report",
            "by fault=invalidate-eio"),
        defect("SubmissionStalls", Scenario.STALL, Severity.INFO, FOURTH, "by fault=submit-block"));
  }

  /** Slow devices, injected faults, and unsuitable settings, sizes and tags. */
  private static Stream<Defect> defectsOfSettings() {
    return Stream.of(
        defect(
            "SlowDevice",
            Scenario.SLOW,
            Severity.INFO,
            "Of 100 writes",
            FILE + " at offset",
            "by fault=delay"),
        defect(
            "BufferedShare",
            Scenario.UNALIGNED,
            Severity.INFO,
            "not aligned to 4096 bytes",
            FILE + " at offset",
            "with a buffer of 8192 bytes in place of 6144"),
        defect(
            "QueueDepth",
            Scenario.ONE_AT_A_TIME,
            Severity.INFO,
            "queue-depth=32 was never used: 3000 writes",
            FILE + " at offset"),
        defect(
            "QueueDepth",
            Scenario.LITTLE_DEPTH,
            Severity.INFO,
            "queue-depth=2 was used up",
            FILE + " at offset"),
        defect(
            "BufferMemory",
            Scenario.LITTLE_MEMORY,
            Severity.WARNING,
            "found no buffer memory until their deadline: " + FILE + " at offset",
            "which is 512 KiB",
            "by fault=lose"),
        defect(
            "UnmatchedTags",
            Scenario.ONE_TAG_MISSPELT,
            Severity.INFO,
            "No file came under 1 of 2 tags: tag=/nowhere/data/**",
            "in the recorded time: " + FILE),
        defect(
            "UnmatchedTags",
            Scenario.NOTHING_TAGGED,
            Severity.WARNING,
            "No file came under 1 of 1 tag: tag="),
        defect("InjectedFaults", Scenario.ERRORS, Severity.INFO, FOURTH, "1 times eio", "enospc"));
  }

  @ParameterizedTest
  @MethodSource("defects")
  void findsItsDefect(Defect defect) throws Exception {
    Judged judged = judged(defect.scenario);
    System.out.println(defect + ": " + judged.text(defect.rule));
    String file = run(defect.scenario).file().toString();
    String[] here =
        defect.texts.stream().map(text -> text.replace(FILE, file)).toArray(String[]::new);
    judged.assertFinds(defect.rule, defect.severity, here);
  }

  @Test
  void eachRuleHasADefect() {
    assertEquals(Judged.rules(), defects().map(Defect::rule).collect(Collectors.toSet()));
  }

  static Set<String> rules() {
    return new TreeSet<>(Judged.rules());
  }

  @ParameterizedTest
  @MethodSource("rules")
  void isQuietAboutAHealthyRun(String rule) throws Exception {
    Judged judged = judged(Scenario.HEALTHY);
    assertEquals(Severity.OK, judged.severity(rule), judged.text(rule));
  }

  @ParameterizedTest
  @MethodSource("rules")
  void isNotApplicableWithoutTheAgent(String rule) throws Exception {
    Judged judged = judged(Scenario.WITHOUT_AGENT);
    assertEquals(Severity.NA, judged.severity(rule), judged.text(rule));
  }

  /** Scenarios with one fault, which no other rule reports. */
  static List<Scenario> faults() {
    return List.of(
        Scenario.LOST,
        Scenario.LATE,
        Scenario.DUPLICATE,
        Scenario.ERRORS,
        Scenario.COLLISION,
        Scenario.STALL);
  }

  @ParameterizedTest
  @MethodSource("faults")
  void nothingElseFires(Scenario scenario) throws Exception {
    Set<String> expected =
        defects()
            .filter(defect -> defect.scenario == scenario)
            .map(Defect::rule)
            .collect(Collectors.toCollection(TreeSet::new));
    expected.add("InjectedFaults");
    assertEquals(expected, new TreeSet<>(judged(scenario).fired()));
  }

  /** Only default settings: short writes are not recorded, and the rule says so. */
  @Test
  void slowWritesAreFoundWithThresholdsToo() throws Exception {
    Judged judged = Judged.of(new RecordedRun(directory, Scenario.SLOW, true).run());
    String text = judged.text("SlowDevice");
    assertEquals(Severity.INFO, judged.severity("SlowDevice"), text);
    assertTrue(text.contains("shorter than 10 ms were not recorded"), text);
    assertEquals(Severity.NA, judged.severity("QueueDepth"), judged.text("QueueDepth"));
  }
}
