package io.dioagent.bench;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;

/** A set of measurements with one report. */
public interface Study {

  /** Returns the names for {@code --only}. */
  List<String> names();

  /**
   * Measures.
   *
   * @param extent the extent of the measurements
   * @param bench makes JVMs and files
   * @param plots the directory of pictures; created if missing
   * @param progress receives lines of progress
   */
  Findings measure(Extent extent, Bench bench, Path plots, PrintStream progress)
      throws IOException, InterruptedException;

  /**
   * The extent of a study.
   *
   * @param length the length of the run
   * @param rounds the number of samples of each measurement
   * @param calm whether to wait before each round for low CPU use by other processes
   * @param only names of the measurements; empty for all
   */
  record Extent(Length length, int rounds, boolean calm, List<String> only) {

    /** Does not check the values, which come from checked options. */
    public Extent {
      only = List.copyOf(only);
    }

    /** Returns whether a measurement is included. */
    public boolean includes(String name) {
      return only.isEmpty() || only.contains(name);
    }

    /** Waits for low CPU use if configured; called before each round. */
    public void awaitCalm() throws IOException, InterruptedException {
      if (calm) {
        Calm.await();
      }
    }
  }

  /**
   * The result of a study.
   *
   * @param markdown tables and pictures, headings from level 3
   * @param json every sample
   * @param complete whether no measurement failed
   */
  record Findings(String markdown, JsonElement json, boolean complete) {

    /** Returns the result of a study that cannot run on this machine. */
    public static Findings skipped(String reason) {
      JsonObject json = new JsonObject();
      json.addProperty("skipped", reason);
      return new Findings("Skipped: " + reason + ".\n", json, true);
    }
  }
}
