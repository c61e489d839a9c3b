package io.dioagent.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.util.List;

/**
 * One of the things that {@code run.sh} measures. The part named NAME writes into {@link
 * BuildDirectory}: {@code NAME.md}, Markdown whose headings begin at level 3; {@code NAME.json},
 * every sample; and its pictures, if any, {@code plots/*.svg}, which the Markdown refers to so.
 */
@FunctionalInterface
public interface Part {

  /**
   * Measures.
   *
   * @param arguments the user's, without the part's name; those that all parts have to know are
   *     {@code --quick}, {@code --short}, {@code --dir DIR}, {@code --java PATH} and {@code --agent
   *     JAR}
   * @param out for the results
   * @param err for progress and errors
   * @return the exit code: 0 if all could be measured, whatever came of it
   */
  int run(List<String> arguments, PrintStream out, PrintStream err)
      throws IOException, InterruptedException;
}
