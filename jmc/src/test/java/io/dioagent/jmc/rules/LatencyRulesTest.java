package io.dioagent.jmc.rules;

import static io.dioagent.jmc.rules.TestRecording.judge;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import jdk.jfr.Recording;
import org.junit.jupiter.api.Test;
import org.openjdk.jmc.common.unit.QuantityConversionException;
import org.openjdk.jmc.common.util.IPreferenceValueProvider;
import org.openjdk.jmc.common.util.TypedPreference;
import org.openjdk.jmc.flightrecorder.rules.IResult;
import org.openjdk.jmc.flightrecorder.rules.Severity;

class LatencyRulesTest {
  private static final String FILE = "/data/f";

  /** Keeps the tests short. */
  private static final IPreferenceValueProvider SLOW_FROM_2_MS =
      new IPreferenceValueProvider() {
        @Override
        public <T> T getPreferenceValue(TypedPreference<T> preference) {
          try {
            return preference.getPersister().parsePersisted("2 ms");
          } catch (QuantityConversionException e) {
            throw new AssertionError(e);
          }
        }
      };

  /** Leaves the settings of dio.jfc as they are. */
  private static void all(Recording settings) {}

  private static void writes(int quick, int slow) {
    for (int i = 0; i < quick + slow; i++) {
      Events.write(i + 1, FILE, i < quick ? 1000 : TimeUnit.MILLISECONDS.toNanos(3));
    }
  }

  @Test
  void theSlowestHundredthMakesADeviceSlow() {
    IResult slow =
        judge(new SlowDeviceRule(), SLOW_FROM_2_MS, LatencyRulesTest::all, () -> writes(98, 2));
    assertEquals(Severity.INFO, slow.getSeverity(), slow.getSummary());
    assertTrue(slow.getSummary().contains("Of 100 writes"), slow.getSummary());
    assertTrue(slow.getSummary().contains("/data/f at offset"), slow.getSummary());
    assertTrue(slow.getExplanation().startsWith("Each write was recorded."));

    IResult quick =
        judge(new SlowDeviceRule(), SLOW_FROM_2_MS, LatencyRulesTest::all, () -> writes(399, 1));
    assertEquals(Severity.OK, quick.getSeverity(), quick.getSummary());
  }

  @Test
  void shortWritesAreOnlyCountedWithAThreshold() {
    Consumer<Recording> threshold =
        settings -> settings.enable("io.dioagent.Write").withThreshold(Duration.ofMillis(1));
    IResult few =
        judge(
            new SlowDeviceRule(),
            SLOW_FROM_2_MS,
            threshold,
            () -> {
              writes(0, 2);
              Events.statistics(100, 0, 0, 0, 0);
            });
    assertEquals(Severity.INFO, few.getSeverity(), few.getSummary());
    assertTrue(few.getSummary().contains("half took up to less than 1 ms"), few.getSummary());
    assertTrue(few.getExplanation().contains("estimate"), few.getExplanation());

    IResult among =
        judge(
            new SlowDeviceRule(),
            SLOW_FROM_2_MS,
            threshold,
            () -> {
              writes(0, 2);
              Events.statistics(100, 0, 0, 0, 0);
              Events.statistics(10_100, 0, 0, 0, 0);
            });
    assertEquals(Severity.OK, among.getSeverity(), among.getSummary());
    assertTrue(among.getSummary().contains("99 % up to less than 1 ms"), among.getSummary());
  }

  @Test
  void injectedDelaysAreMarked() {
    IResult result =
        judge(
            new SlowDeviceRule(),
            SLOW_FROM_2_MS,
            LatencyRulesTest::all,
            () -> {
              writes(98, 2);
              Events.fault(99, FILE, "delay:for=3ms");
              Events.fault(100, FILE, "delay:for=3ms");
            });
    assertTrue(result.getExplanation().contains("Injected on purpose: 2 of"));
    assertTrue(result.getExplanation().contains("by fault=delay:for=3ms"));
  }

  @Test
  void doesNotApplyToFewWrites() {
    IResult result =
        judge(new SlowDeviceRule(), SLOW_FROM_2_MS, LatencyRulesTest::all, () -> writes(0, 3));
    assertEquals(Severity.NA, result.getSeverity());
  }

  @Test
  void shortStallsAreUsual() {
    IResult usual =
        judge(
            new SubmissionStallsRule(),
            () -> Events.stall(1, FILE, TimeUnit.MILLISECONDS.toNanos(166)));
    assertEquals(Severity.OK, usual.getSeverity());
    assertTrue(usual.getSummary().contains("1 stall"), usual.getSummary());

    IResult long1s =
        judge(new SubmissionStallsRule(), () -> Events.stall(3, FILE, TimeUnit.SECONDS.toNanos(2)));
    assertEquals(Severity.WARNING, long1s.getSeverity());
    assertTrue(long1s.getSummary().contains("1 submission held up for 2 s"), long1s.getSummary());
    assertTrue(long1s.getSummary().contains("/data/f at offset 12288"), long1s.getSummary());
  }

  @Test
  void oneWriteAfterTheOtherUsesNoDepth() {
    IResult result =
        judge(
            new QueueDepthRule(),
            () -> {
              depth("32");
              for (int i = 1; i <= 600; i++) {
                Events.write(i, FILE, TimeUnit.MICROSECONDS.toNanos(50));
              }
            });
    assertEquals(Severity.INFO, result.getSeverity(), result.getSummary());
    assertTrue(result.getSummary().startsWith("queue-depth=32 was never used: 600 writes"));
  }

  @Test
  void longWritesUseItUp() {
    IResult result =
        judge(
            new QueueDepthRule(),
            () -> {
              depth("8");
              for (int i = 0; i < 20; i++) {
                Events.write(FILE, 0, 7 * (256L << 10), 0, 7);
              }
            });
    assertEquals(Severity.INFO, result.getSeverity(), result.getSummary());
    assertTrue(result.getSummary().startsWith("queue-depth=8 was used up by 20 of 20 writes"));
    assertTrue(result.getExplanation().contains("longer than 1.75 MiB"), result.getExplanation());
  }

  @Test
  void depthIsNotJudgedWithoutAllWritesOrOptions() {
    IResult library = judge(new QueueDepthRule(), () -> writes(600, 0));
    assertEquals(Severity.NA, library.getSeverity());

    IResult threshold =
        judge(
            new QueueDepthRule(),
            IPreferenceValueProvider.DEFAULT_VALUES,
            settings -> settings.enable("io.dioagent.Write").withThreshold(Duration.ofMillis(1)),
            () -> depth("32"));
    assertEquals(Severity.NA, threshold.getSeverity());
    assertTrue(threshold.getSummary().contains("dio.jfc"), threshold.getSummary());
  }

  @Test
  void someDepthIsOk() {
    IResult result =
        judge(
            new QueueDepthRule(),
            () -> {
              depth("32");
              for (int i = 0; i < 600; i++) {
                Events.write(FILE, 0, 1 << 20, 0, 4);
              }
            });
    assertEquals(Severity.OK, result.getSeverity());
    assertTrue(result.getSummary().contains("at most 4 I/Os"), result.getSummary());
  }

  private static void depth(String depth) {
    Events.option("queue-depth", depth);
    Events.option("max-io", "1m");
  }
}
