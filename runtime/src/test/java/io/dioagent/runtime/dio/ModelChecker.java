package io.dioagent.runtime.dio;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Runs scenarios in every order, and keeps the results. */
public final class ModelChecker implements AutoCloseable {
  private final Explorer explorer = new Explorer();

  /**
   * The result of a scenario.
   *
   * @param schedules how many orders there are
   * @param endings how many schedules had each ending
   * @param failures how many broke the rule in question
   * @param shortest the failing one with the fewest switches, and of those the fewest steps; null
   *     if none failed
   * @param fingerprint of all schedules, in the order in which they were run
   */
  public record Verdict(
      Scenario scenario,
      long schedules,
      Map<String, Long> endings,
      long failures,
      Failure shortest,
      long fingerprint) {}

  /** A schedule that breaks rules. */
  public record Failure(List<String> violations, int switches, List<String> steps) {

    @Override
    public String toString() {
      return String.join("\n    ", steps)
          + "\n  breaks: "
          + String.join("\n  breaks: ", violations);
    }

    private boolean isShorterThan(Failure other) {
      return other == null
          || switches < other.switches
          || (switches == other.switches && steps.size() < other.steps.size());
    }
  }

  /** Runs a scenario in every order; any broken rule counts. */
  public Verdict check(Scenario scenario, CompletionPolicy.Maker maker) {
    return check(scenario, maker, "");
  }

  /** Runs a scenario in every order; only violations that begin with this text count. */
  public Verdict check(Scenario scenario, CompletionPolicy.Maker maker, String violation) {
    Map<String, Long> endings = new TreeMap<>();
    List<CheckedRequest> current = new ArrayList<>();
    long[] numbers = new long[2];
    Failure[] shortest = new Failure[1];
    Runnable judge =
        () -> {
          CheckedRequest request = current.get(0);
          numbers[0] = numbers[0] * 31 + explorer.trace().hashCode();
          if (request.violations().stream().noneMatch(found -> found.startsWith(violation))) {
            endings.merge(request.ending(), 1L, Long::sum);
            return;
          }
          numbers[1]++;
          Failure failure =
              new Failure(
                  List.copyOf(request.violations()),
                  explorer.switches(),
                  explorer.trace().stream()
                      .map(
                          step -> {
                            int blank = step.indexOf(' ');
                            int actor = Integer.parseInt(step.substring(0, blank));
                            return request.nameOf(actor) + ": " + step.substring(blank + 1);
                          })
                      .toList());
          shortest[0] = failure.isShorterThan(shortest[0]) ? failure : shortest[0];
        };
    long schedules =
        explorer.explore(
            () -> {
              current.clear();
              current.add(new CheckedRequest(explorer, scenario, maker));
              return current.get(0);
            },
            judge);
    return new Verdict(scenario, schedules, endings, numbers[1], shortest[0], numbers[0]);
  }

  @Override
  public void close() {
    explorer.close();
  }
}
