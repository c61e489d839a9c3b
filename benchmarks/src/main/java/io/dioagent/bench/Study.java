package io.dioagent.bench;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;

/** Something that is measured as a whole, not as rows of pairs. */
@FunctionalInterface
public interface Study {

  /**
   * Measures.
   *
   * @param length how long it may take
   * @param bench makes JVMs and files; its effort is not meant
   * @param plots where pictures go; it need not exist yet
   * @param progress for a line now and then
   */
  Findings measure(Length length, Bench bench, Path plots, PrintStream progress)
      throws IOException, InterruptedException;

  /**
   * What came of it.
   *
   * @param markdown tables and pictures, headings from level 3
   * @param json every sample
   * @param complete whether all could be measured that can be measured on this machine
   */
  record Findings(String markdown, JsonElement json, boolean complete) {

    /** Cannot be measured on this machine. */
    public static Findings skipped(String reason) {
      JsonObject json = new JsonObject();
      json.addProperty("skipped", reason);
      return new Findings("Skipped: " + reason + ".\n", json, true);
    }
  }
}
