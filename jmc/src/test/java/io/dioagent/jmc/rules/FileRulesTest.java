package io.dioagent.jmc.rules;

import static io.dioagent.jmc.rules.TestRecording.judge;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openjdk.jmc.common.util.IPreferenceValueProvider;
import org.openjdk.jmc.flightrecorder.rules.IResult;
import org.openjdk.jmc.flightrecorder.rules.Severity;

class FileRulesTest {
  private static final String FILE = "/data/f";
  private static final int MIB = 1 << 20;

  @Test
  void adviceForUnalignedWritesNamesTheBufferSize() {
    IResult result =
        judge(
            new BufferedShareRule(),
            () -> {
              Events.option("write", "sync");
              Events.tagged(FILE);
              for (int i = 0; i < 600; i++) {
                long offset = i * 6000L;
                Events.write(FILE, offset, 4096, 1904, 1);
                Events.fallback(
                    1, FILE, offset + 4096, 1904, "tail after an offset aligned to 4096");
              }
            });
    assertEquals(Severity.INFO, result.getSeverity());
    assertTrue(result.getSummary().startsWith("31.7 % of "), result.getSummary());
    assertTrue(result.getSummary().contains("not aligned to 4096 bytes"), result.getSummary());
    assertTrue(result.getExplanation().contains("600 parts"), result.getExplanation());
    assertTrue(result.getExplanation().contains("/data/f at offset 4096, 1904 bytes"));
    assertTrue(result.getSolution().contains("a buffer of 8192 bytes in place of 6000"));
    assertTrue(result.getSolution().contains("write=pipelined"), result.getSolution());
  }

  @Test
  void writesOfWholeBlocksAtOddOffsetsNeedPadding() {
    IResult result =
        judge(
            new BufferedShareRule(),
            () -> {
              Events.option("write", "pipelined");
              Events.tagged(FILE, true, 8192, "the kernel asks for offsets aligned to 8192");
              Events.write(FILE, 100, 0, 2 * MIB, 1);
              Events.fallback(1, FILE, 100, 2 * MIB, "head");
            });
    assertEquals(Severity.WARNING, result.getSeverity());
    assertTrue(result.getSolution().contains("multiples of 8192"), result.getSolution());
    assertTrue(result.getSolution().contains("pad the bytes before"), result.getSolution());
    assertFalse(result.getSolution().contains("write=pipelined"), result.getSolution());
  }

  @ParameterizedTest
  @ValueSource(strings = {"behind", "auto"})
  void writesBehindAreNoFallback(String mode) {
    IResult result =
        judge(
            new BufferedShareRule(),
            () -> {
              Events.option("tag.log.write", mode);
              Events.tagged(FILE);
              Events.write(FILE, 0, 0, 2 * MIB, 1);
            });
    assertEquals(Severity.OK, result.getSeverity());
    assertTrue(result.getSummary().contains("write=" + mode), result.getSummary());
  }

  @Test
  void reasonWhyAFileCannotGoDirectIsReported() {
    IResult result =
        judge(
            new BufferedShareRule(),
            () -> {
              Events.tagged("/dev/shm/f", false, 0, "TMPFS keeps its files in memory");
              Events.write("/dev/shm/f", 0, 0, 2 * MIB, 1);
              Events.fallback(1, "/dev/shm/f", 0, 2 * MIB, "TMPFS keeps its files in memory");
            });
    assertEquals(Severity.WARNING, result.getSeverity());
    assertTrue(result.getSummary().contains("TMPFS keeps"), result.getSummary());
    assertTrue(result.getSolution().contains("exclude="), result.getSolution());
  }

  @Test
  void fewBytesAndBufferedReadsAreIgnored() {
    IResult result =
        judge(
            new BufferedShareRule(),
            () -> {
              Events.write(FILE, 0, 2 * MIB, 4096, 1);
              Events.fallback(1, FILE, 0, 4096, "tail");
              Events.fallback(2, FILE, 0, 9 * MIB, "reads: no direct descriptor");
            });
    assertEquals(Severity.OK, result.getSeverity());
    assertTrue(result.getSummary().startsWith("0.2 %"), result.getSummary());
  }

  @Test
  void singleBytesOfStreamsCount() {
    IResult result =
        judge(
            new BufferedShareRule(),
            () -> {
              Events.write(FILE, 0, MIB, 0, 1);
              Events.fallback(0, FILE, 0, MIB, "single bytes of a stream");
            });
    assertEquals(Severity.WARNING, result.getSeverity());
    assertTrue(result.getSummary().startsWith("50.0 %"), result.getSummary());
    assertTrue(result.getSummary().contains("single bytes of a stream"), result.getSummary());
  }

  @Test
  void usesCountersWithAThreshold() {
    IResult result =
        judge(
            new BufferedShareRule(),
            IPreferenceValueProvider.DEFAULT_VALUES,
            settings -> settings.enable("io.dioagent.Write").withThreshold(Duration.ofMillis(10)),
            () -> {
              Events.statistics(100, 7 * MIB, 5 * MIB, 0, 0);
              Events.statistics(200, 8 * MIB, 8 * MIB, 0, 0);
              Events.fallback(1, FILE, 0, 3 * MIB, "append (O_APPEND)");
            });
    assertEquals(Severity.WARNING, result.getSeverity());
    assertTrue(result.getSummary().startsWith("75.0 % of 4 MiB"), result.getSummary());
    assertTrue(result.getSummary().contains("append (O_APPEND)"), result.getSummary());
  }

  @Test
  void observingIsNotJudged() {
    IResult result =
        judge(
            new BufferedShareRule(),
            () -> {
              Events.option("mode", "observe");
              Events.write(FILE, 0, 0, 2 * MIB, 0);
            });
    assertEquals(Severity.NA, result.getSeverity());
  }

  @Test
  void repairedCollisionsAreInformation() {
    IResult reported =
        judge(new PageCacheCollisionsRule(), () -> Events.collision(2, FILE, "report"));
    assertEquals(Severity.WARNING, reported.getSeverity());
    assertTrue(reported.getSummary().contains("/data/f at offset 8192"), reported.getSummary());
    assertTrue(reported.getExplanation().contains("applied on-collision=report"));

    IResult repaired =
        judge(new PageCacheCollisionsRule(), () -> Events.collision(2, FILE, "launder"));
    assertEquals(Severity.INFO, repaired.getSeverity());

    IResult none = judge(new PageCacheCollisionsRule(), () -> Events.tagged(FILE));
    assertEquals(Severity.OK, none.getSeverity());
  }

  @Test
  void aTagWithoutFilesIsNamed() {
    IResult result =
        judge(
            new UnmatchedTagsRule(),
            () -> {
              Events.option("tag.wal", "/data/*.wal");
              Events.option("tag.wal.deadline", "5s");
              Events.option("tag", "/data/f*");
              Events.option("files of wal", "0");
              Events.option("files of /data/f*", "0");
              Events.tagged(FILE);
              // The configuration is recorded again at the end of each chunk.
              Events.option("tag.wal", "/data/*.wal");
              Events.option("files of wal", "0");
              Events.option("files of /data/f*", "1");
            });
    assertEquals(Severity.INFO, result.getSeverity());
    assertTrue(
        result.getSummary().startsWith("No file came under 1 of 2 tags: tag.wal=/data/*.wal"),
        result.getSummary());
    assertTrue(result.getExplanation().contains("in the recorded time: /data/f."));
  }

  @Test
  void noFileAtAllIsWorse() {
    IResult result =
        judge(
            new UnmatchedTagsRule(),
            () -> {
              Events.option("tag", "/dta/**");
              Events.option("files of /dta/**", "0");
            });
    assertEquals(Severity.WARNING, result.getSeverity());
    assertTrue(result.getSummary().contains("tag=/dta/**"), result.getSummary());
  }

  @Test
  void tagsThatHaveFilesAreFine() {
    IResult result =
        judge(
            new UnmatchedTagsRule(),
            () -> {
              Events.option("tag", "/data/**");
              Events.option("files of /data/**", "7");
            });
    assertEquals(Severity.OK, result.getSeverity(), result.getSummary());
  }

  /** Such recordings come from a killed JVM, or from the runtime without the agent. */
  @Test
  void doesNotApplyWithoutFinalCounts() {
    IResult early =
        judge(
            new UnmatchedTagsRule(),
            () -> {
              Events.option("tag", "/data/**");
              Events.option("files of /data/**", "0");
              Events.tagged(FILE);
            });
    assertEquals(Severity.NA, early.getSeverity(), early.getSummary());

    IResult never = judge(new UnmatchedTagsRule(), () -> Events.option("tag", "/data/**"));
    assertEquals(Severity.NA, never.getSeverity(), never.getSummary());
  }
}
