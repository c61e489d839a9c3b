package io.dioagent.agent.contract;

import io.dioagent.agent.contract.javadoc.JavadocApp;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The verdict of {@link JavadocApp} on each case. Immutable once made. */
final class Verdicts {
  private static final String INDENTED = "    ";
  private static final String LEFT_OPEN = "left open: ";

  /** The cases, each with the lines below it, by the class with their Javadoc. */
  private final Map<String, Map<String, List<String>>> byClass = new LinkedHashMap<>();

  private final List<String> lines;
  private String leftOpen = "not printed";
  private int count;

  Verdicts(List<String> lines) {
    this.lines = lines;
    StringBuilder details = new StringBuilder();
    for (int i = lines.size() - 1; i >= 0; i--) { // A case comes before its details.
      String line = lines.get(i);
      if (line.startsWith(INDENTED)) {
        details.insert(0, "\n" + line);
      } else if (line.startsWith(LEFT_OPEN)) {
        leftOpen = line.substring(LEFT_OPEN.length());
      } else {
        String[] words = line.split("[ :]+", 4); // VERDICT NUMBER CLASS: SENTENCE
        count++;
        byClass
            .computeIfAbsent(words[2], name -> new LinkedHashMap<>())
            .computeIfAbsent(words[0], name -> new ArrayList<>())
            .add(0, words[1] + " " + words[3] + details);
        details.setLength(0);
      }
    }
  }

  /** Returns the number of cases with a verdict. */
  int count() {
    return count;
  }

  /** The cases with a verdict, each with its details. */
  List<String> of(String verdict) {
    List<String> found = new ArrayList<>();
    byClass.values().forEach(cases -> found.addAll(cases.getOrDefault(verdict, List.of())));
    return found;
  }

  /** Files that the JVM had still open in the end. */
  String leftOpen() {
    return leftOpen;
  }

  /** Everything that was printed. */
  String all() {
    return String.join("\n", lines);
  }

  /** A table, and why cases were skipped. */
  @Override
  public String toString() {
    StringBuilder table = new StringBuilder();
    String row = "%-26s %6s %10s %8s %8s%n";
    table.append(String.format(row, "Javadoc of", "equal", "different", "broken", "skipped"));
    byClass.forEach(
        (name, cases) ->
            table.append(
                String.format(
                    row,
                    name,
                    size(cases, "equal"),
                    size(cases, "different"),
                    size(cases, "broken"),
                    size(cases, "skipped"))));
    of("skipped").forEach(skipped -> table.append("skipped ").append(skipped).append('\n'));
    return table.toString();
  }

  private static int size(Map<String, List<String>> cases, String verdict) {
    return cases.getOrDefault(verdict, List.of()).size();
  }
}
