package io.dioagent.samples.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.openjdk.jmc.common.item.IItemCollection;
import org.openjdk.jmc.common.unit.UnitLookup;
import org.openjdk.jmc.common.util.IPreferenceValueProvider;
import org.openjdk.jmc.common.util.TypedPreference;
import org.openjdk.jmc.flightrecorder.JfrLoaderToolkit;
import org.openjdk.jmc.flightrecorder.rules.IResult;
import org.openjdk.jmc.flightrecorder.rules.IRule;
import org.openjdk.jmc.flightrecorder.rules.ResultToolkit;
import org.openjdk.jmc.flightrecorder.rules.RuleRegistry;
import org.openjdk.jmc.flightrecorder.rules.Severity;
import org.openjdk.jmc.flightrecorder.rules.util.RulesToolkit;

/**
 * The results of the project's rules on a recording, found and run by JMC's rule engine. Immutable.
 */
public final class Judged {
  private static final String PREFIX = "io.dioagent.";
  private static final Set<Severity> FINDINGS = Set.of(Severity.INFO, Severity.WARNING);

  private final Map<String, IResult> results;

  private Judged(Map<String, IResult> results) {
    this.results = results;
  }

  /** Returns the names of the project's rules, without the prefix. */
  static Set<String> rules() {
    return dioRules().stream()
        .map(rule -> rule.getId().substring(PREFIX.length()))
        .collect(Collectors.toSet());
  }

  private static Collection<IRule> dioRules() {
    return RuleRegistry.getRules().stream()
        .filter(rule -> rule.getId().startsWith(PREFIX))
        .toList();
  }

  /** Judges a recording. */
  public static Judged of(Path recording) throws Exception {
    return of(recording, IPreferenceValueProvider.DEFAULT_VALUES);
  }

  /**
   * Judges a recording with a limit of a minute for slow writes, because the disk of the test may
   * be busy.
   */
  static Judged onBusyDisk(Path recording) throws Exception {
    return of(
        recording,
        new IPreferenceValueProvider() {
          @Override
          @SuppressWarnings("unchecked") // That preference is a quantity.
          public <T> T getPreferenceValue(TypedPreference<T> preference) {
            return preference.getIdentifier().equals("io.dioagent.slowDevice.slow")
                ? (T) UnitLookup.MINUTE.quantity(1)
                : preference.getDefaultValue();
          }
        });
  }

  private static Judged of(Path recording, IPreferenceValueProvider preferences) throws Exception {
    IItemCollection items = JfrLoaderToolkit.loadEvents(recording.toFile());
    Map<IRule, Future<IResult>> futures =
        RulesToolkit.evaluateParallel(dioRules(), items, preferences, 2);
    Map<String, IResult> results = new TreeMap<>();
    for (Map.Entry<IRule, Future<IResult>> entry : futures.entrySet()) {
      results.put(entry.getKey().getId().substring(PREFIX.length()), entry.getValue().get());
    }
    return new Judged(results);
  }

  /** Asserts the severity of a rule, and that its text contains each part. */
  public void assertFinds(String rule, Severity severity, String... expected) {
    String text = text(rule);
    assertEquals(severity, severity(rule), text);
    for (String part : expected) {
      assertTrue(text.contains(part), part + " expected: " + text);
    }
  }

  Severity severity(String rule) {
    return results.get(rule).getSeverity();
  }

  /** Returns the rules with a finding. */
  Set<String> fired() {
    return results.keySet().stream()
        .filter(rule -> FINDINGS.contains(severity(rule)))
        .collect(Collectors.toSet());
  }

  /** Returns the text of a rule as JMC shows it. */
  String text(String rule) {
    IResult result = results.get(rule);
    return severity(rule)
        + ": "
        + ResultToolkit.populateMessage(result, result.getSummary(), false)
        + "\n"
        + ResultToolkit.populateMessage(result, result.getExplanation(), false)
        + "\n"
        + ResultToolkit.populateMessage(result, result.getSolution(), false);
  }
}
