package io.dioagent.jmc.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.openjdk.jmc.common.item.IItemCollection;
import org.openjdk.jmc.flightrecorder.rules.IResult;
import org.openjdk.jmc.flightrecorder.rules.IRule;
import org.openjdk.jmc.flightrecorder.rules.ResultToolkit;
import org.openjdk.jmc.flightrecorder.rules.util.RulesToolkit;

/** The rules of this module for JMC's automated analysis. */
final class Rules {
  private static final String PACKAGE_PREFIX = "io.dioagent.";

  private final List<IRule> rules = new ArrayList<>();

  /** Loads the rules by a given loader. JMC's own registry uses the thread's context loader. */
  Rules(ClassLoader loader) {
    ServiceLoader.load(IRule.class, loader).stream()
        .filter(provider -> provider.type().getName().startsWith(PACKAGE_PREFIX))
        .forEach(provider -> rules.add(provider.get()));
    rules.sort(Comparator.comparing(IRule::getName));
  }

  /**
   * The finding of a rule on a JVM. Texts are plain, and may be null.
   *
   * @param severity WARNING, INFO, OK, NA or IGNORE; FAILED if the rule itself failed
   */
  record Finding(
      String rule, String severity, String summary, String explanation, String solution) {}

  /** Evaluates all rules, in the order of their names. */
  List<Finding> evaluate(IItemCollection items) {
    Map<IRule, Future<IResult>> results = RulesToolkit.evaluateParallel(rules, items, null, 1);
    List<Finding> findings = new ArrayList<>();
    for (IRule rule : rules) {
      findings.add(finding(rule, results.get(rule)));
    }
    return findings;
  }

  private static Finding finding(IRule rule, Future<IResult> future) {
    try {
      IResult result = future.get();
      return new Finding(
          VisibleText.line(rule.getName()),
          result.getSeverity().name(),
          text(result, result.getSummary()),
          text(result, result.getExplanation()),
          text(result, result.getSolution()));
    } catch (ExecutionException e) {
      return new Finding(
          VisibleText.line(rule.getName()),
          "FAILED",
          VisibleText.line("the rule failed: " + e.getCause()),
          null,
          null);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while rules were evaluated", e);
    }
  }

  private static String text(IResult result, String message) {
    return VisibleText.lines(ResultToolkit.populateMessage(result, message, false));
  }
}
