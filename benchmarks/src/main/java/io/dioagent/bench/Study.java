package io.dioagent.bench;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;

/** Something that is measured as a whole. */
public interface Study {

  /** What {@code --only} can choose. */
  List<String> names();

  /**
   * Measures.
   *
   * @param extent how much of it
   * @param bench makes JVMs and files
   * @param plots where pictures go; it need not exist yet
   * @param progress for a line now and then
   */
  Findings measure(Extent extent, Bench bench, Path plots, PrintStream progress)
      throws IOException, InterruptedException;

  /**
   * How much is measured.
   *
   * @param length how long it may take
   * @param rounds samples of each thing
   * @param calm wait before each round until others leave the machine alone
   * @param only names of what is wanted; empty for all
   */
  record Extent(Length length, int rounds, boolean calm, List<String> only) {

    /** Checks nothing: the options did. */
    public Extent {
      only = List.copyOf(only);
    }

    /** Whether this was asked for. */
    public boolean includes(String name) {
      return only.isEmpty() || only.contains(name);
    }

    /** To be called before a round. */
    public void awaitCalm() throws IOException, InterruptedException {
      if (calm) {
        Calm.await();
      }
    }
  }

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
