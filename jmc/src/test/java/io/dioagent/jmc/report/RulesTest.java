package io.dioagent.jmc.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.dioagent.runtime.api.RequestInfo;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.openjdk.jmc.common.item.IItemCollection;
import org.openjdk.jmc.common.unit.IQuantity;
import org.openjdk.jmc.common.unit.UnitLookup;
import org.openjdk.jmc.common.util.IPreferenceValueProvider;
import org.openjdk.jmc.flightrecorder.rules.AbstractRule;
import org.openjdk.jmc.flightrecorder.rules.IResult;
import org.openjdk.jmc.flightrecorder.rules.IResultValueProvider;
import org.openjdk.jmc.flightrecorder.rules.IRule;
import org.openjdk.jmc.flightrecorder.rules.ResultBuilder;
import org.openjdk.jmc.flightrecorder.rules.Severity;
import org.openjdk.jmc.flightrecorder.rules.TypedResult;
import org.openjdk.jmc.flightrecorder.rules.util.RulesToolkit.EventAvailability;

@Timeout(60)
class RulesTest {

  /** Reports a count. */
  public static final class Counting extends AbstractRule {
    private static final TypedResult<IQuantity> COUNT =
        new TypedResult<>("count", "Count", "How many kinds", UnitLookup.NUMBER, IQuantity.class);

    /** For ServiceLoader. */
    public Counting() {
      super("counting", "Counting", "topic", List.of(), List.of(COUNT), Map.of());
    }

    @Override
    protected IResult getResult(
        IItemCollection items, IPreferenceValueProvider preferences, IResultValueProvider results) {
      return ResultBuilder.createFor(this, preferences)
          .setSeverity(Severity.WARNING)
          .addResult(COUNT, UnitLookup.NUMBER_UNITY.quantity(3))
          .setSummary("{count} were <b>counted</b>")
          .setExplanation("because\nof \u202e that")
          .setSolution("count less")
          .build();
    }
  }

  /** Needs an event that no recording has. */
  public static final class Needy extends AbstractRule {
    /** For ServiceLoader. */
    public Needy() {
      super(
          "needy",
          "Needy",
          "topic",
          List.of(),
          List.of(),
          Map.of("io.dioagent.NoSuchEvent", EventAvailability.AVAILABLE));
    }

    @Override
    protected IResult getResult(
        IItemCollection items, IPreferenceValueProvider preferences, IResultValueProvider results) {
      throw new AssertionError("its events are not there");
    }
  }

  /** Throws an exception. */
  public static final class Broken extends AbstractRule {
    /** For ServiceLoader. */
    public Broken() {
      super("broken", "Broken", "topic", List.of(), List.of(), Map.of());
    }

    @Override
    protected IResult getResult(
        IItemCollection items, IPreferenceValueProvider preferences, IResultValueProvider results) {
      throw new IllegalStateException("out of order");
    }
  }

  /** Returns the rules above in addition to the module's own. */
  static Rules rules(TestDirectory directory) throws IOException {
    Path services =
        Files.createDirectories(directory.file("services/META-INF/services"))
            .resolve(IRule.class.getName());
    Files.write(
        services, List.of(Needy.class.getName(), Counting.class.getName(), Broken.class.getName()));
    URL[] urls = {directory.file("services").toUri().toURL()};
    try (URLClassLoader loader = new URLClassLoader(urls, RulesTest.class.getClassLoader())) {
      return new Rules(loader);
    }
  }

  @Test
  void eachRuleIsEvaluated() throws Exception {
    try (TestDirectory directory = new TestDirectory()) {
      Path recording =
          Activity.record(
              directory.file("a.jfr"),
              events -> Activity.write(events, new RequestInfo(1, "/data/f", 0, 4096), 4096));
      IItemCollection items = Recordings.read(List.of(recording)).get(0).items();
      List<Rules.Finding> findings =
          rules(directory).evaluate(items).stream()
              .filter(finding -> List.of("Broken", "Counting", "Needy").contains(finding.rule()))
              .toList();
      assertEquals(
          new Rules.Finding(
              "Broken",
              "FAILED",
              "the rule failed: java.lang.IllegalStateException: out of order",
              null,
              null),
          findings.get(0));
      assertEquals(
          new Rules.Finding(
              "Counting",
              "WARNING",
              "3 were <b>counted</b>",
              "because\nof \\u202E that",
              "count less"),
          findings.get(1));
      assertEquals("NA", findings.get(2).severity());
      assertEquals(3, findings.size());
    }
  }
}
