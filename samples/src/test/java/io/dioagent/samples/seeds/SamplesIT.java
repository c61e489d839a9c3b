package io.dioagent.samples.seeds;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jdk.jfr.consumer.RecordedEvent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Runs each sample in each variant, in a JVM of its own, and checks its verdict and its recording.
 */
class SamplesIT {
  /** The least number of events that show the defect of a broken run, by sample. */
  private static final Map<String, Map<String, Integer>> ACCUSING =
      Map.of(
          "lost-error", Map.of("LostCompletion", 1),
          "error-overwrites-count", Map.of("BufferedFallback", 2),
          "whole-request-redo", Map.of("BufferedFallback", 1),
          "count-race", Map.of("LostCompletion", 1, "DuplicateCompletion", 1),
          "completion-on-submit-error", Map.of("DuplicateCompletion", 1),
          "double-completion", Map.of("DuplicateCompletion", 32),
          "unheard-flush-error", Map.of("Force", 1),
          "event-after-cancel", Map.of("DuplicateCompletion", 1),
          "stale-page", Map.of("PageCacheCollision", 1));

  private WorkDirectory work;

  @BeforeEach
  void needsDirectIo() {
    try {
      work = WorkDirectory.under(Path.of("target"), Path.of("/var/tmp"));
    } catch (IOException e) {
      System.out.println("SKIPPED: " + e.getMessage());
      assumeTrue(false, e.getMessage());
    }
  }

  @AfterEach
  void cleanUp() {
    if (work != null) {
      work.close();
    }
  }

  private static Stream<String> samples() {
    return Catalogue.entries().stream().map(Catalogue.Entry::name);
  }

  private Outcome run(String sample, Variant variant) throws Exception {
    Path directory = work.directory(variant.name());
    Path recording = directory.resolve("recording.jfr");
    try (SampleProcess process = SampleProcess.start(sample, variant, directory, recording)) {
      return process.join();
    }
  }

  @ParameterizedTest
  @MethodSource("samples")
  void breaksAndHolds(String name) throws Exception {
    Sample sample = Catalogue.sample(name);
    assertTrue(sample.variants().size() >= 2);
    for (Variant variant : sample.variants()) {
      Outcome outcome = run(name, variant);
      Verdict verdict = sample.judge(outcome);
      String all = name + " " + variant.name() + ": " + verdict + " of " + describe(outcome);
      System.out.println(name + " " + variant.name() + ": " + verdict);
      Verdict.Kind expected = variant.broken() ? Verdict.Kind.BROKEN : Verdict.Kind.HELD;
      assertEquals(expected, verdict.kind(), all);
      assertAccused(name, variant, outcome, all);
      // Without its recording, no run counts as broken.
      Outcome without = new Outcome(outcome.happened(), outcome.facts(), List.of());
      assertNotEquals(Verdict.Kind.BROKEN, sample.judge(without).kind(), all);
    }
  }

  private static void assertAccused(String name, Variant variant, Outcome outcome, String all) {
    ACCUSING
        .get(name)
        .forEach(
            (kind, atLeast) -> {
              List<RecordedEvent> found = outcome.events(kind, SamplesIT::accuses);
              if (variant.broken()) {
                assertTrue(found.size() >= atLeast, kind + " in " + all);
                found.forEach(event -> assertNamesTheWrite(event, outcome, all));
              } else {
                assertEquals(List.of(), found, kind + " in " + all);
              }
            });
    if (!variant.broken()) {
      assertEquals(0, outcome.count("LostCompletion"), all);
      assertEquals(0, outcome.count("DuplicateCompletion"), all);
      assertEquals(0, outcome.count("UnknownCompletion"), all);
    }
  }

  /** Returns whether an event of these kinds shows a defect. */
  private static boolean accuses(RecordedEvent event) {
    return switch (Events.nameOf(event)) {
      // A buffered rest is right, unless it begins elsewhere or at the start of the write.
      case "BufferedFallback" ->
          event.getLong("offset") % 4096 != 0 || event.getLong("length") == 64 << 10;
      case "Force" -> event.getInt("errno") != 0;
      // A collision under another policy was handled.
      case "PageCacheCollision" -> event.getString("policy").equals("report");
      default -> true;
    };
  }

  private static void assertNamesTheWrite(RecordedEvent event, Outcome outcome, String all) {
    assertTrue(event.getString("path").startsWith("/"), all);
    if (Events.nameOf(event).equals("Force")) {
      assertTrue(Events.stackOf(event).contains("io.dioagent.samples.seeds"), all);
      return;
    }
    assertTrue(event.getLong("requestId") > 0, all);
    assertTrue(event.getLong("offset") >= 0, all);
    assertTrue(event.getLong("length") > 0, all);
    assertTrue(event.getLong("ageNanos") > 0, all);
    assertFalse(event.getString("submitter").isEmpty(), all);
    assertTrue(stackOfSubmitter(event, outcome).contains("io.dioagent.samples.seeds"), all);
  }

  /** Returns the event's stack, or that of its Write. */
  private static String stackOfSubmitter(RecordedEvent event, Outcome outcome) {
    long id = event.getLong("requestId");
    return Events.stackOf(event)
        + outcome.events("Write", write -> write.getLong("requestId") == id).stream()
            .map(Events::stackOf)
            .collect(Collectors.joining());
  }

  private static String describe(Outcome outcome) {
    return outcome.facts()
        + "\n"
        + String.join("\n", outcome.happened())
        + "\n"
        + String.join(
            "\n", outcome.events().stream().map(one -> Events.describe(one).get(0)).toList());
  }

  /** Checks that the schedule is printed. */
  @Test
  void theCountRaceIsFoundBySchedule() throws Exception {
    Variant broken = Catalogue.sample("count-race").variants().get(0);
    List<String> lines = run("count-race", broken).happened();
    assertTrue(lines.contains("  submitter: submitted, once more under the lock"), "" + lines);
    assertTrue(lines.contains("  breaks: ended 2 times: published 2, returned 0, released 0"));
    assertTrue(lines.contains("  I/O 1: ended(4096) without the lock"), "" + lines);
  }
}
