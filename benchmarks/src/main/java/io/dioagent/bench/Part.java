package io.dioagent.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.util.List;

/**
 * A part of {@code run.sh}. The part named NAME writes into {@link BuildDirectory}: {@code
 * NAME.md}, Markdown with headings from level 3; {@code NAME.json}, every sample; and its pictures,
 * {@code plots/*.svg}, with links in the Markdown.
 */
@FunctionalInterface
public interface Part {

  /**
   * Measures.
   *
   * @param arguments the arguments after the part's name; every part accepts {@code --quick},
   *     {@code --short}, {@code --dir DIR}, {@code --java PATH} and {@code --agent JAR}
   * @param out receives the results
   * @param err receives progress and errors
   * @return the exit code: 0 if everything was measured, with any result
   */
  int run(List<String> arguments, PrintStream out, PrintStream err)
      throws IOException, InterruptedException;
}
