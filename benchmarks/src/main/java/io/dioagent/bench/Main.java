package io.dioagent.bench;

import io.dioagent.bench.footprint.Footprint;
import io.dioagent.bench.neighbours.Neighbours;
import io.dioagent.bench.scaling.Scaling;
import java.io.IOException;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The main class of {@code run.sh}: runs the part named by the first argument, or all parts. */
public final class Main {
  private static final String DEFAULT_PART = "table";
  private static final String ALL = "all";
  private static final int USAGE_ERROR = 2;
  private static final int FAILED = 1;

  private Main() {}

  /** Returns the parts by name, in the order of {@code all}. */
  private static Map<String, Part> parts() throws IOException {
    Map<String, Part> parts = new LinkedHashMap<>();
    parts.put(DEFAULT_PART, new StudyPart(DEFAULT_PART, new Table()));
    parts.put("neighbours", new StudyPart("neighbours", new Neighbours()));
    parts.put("scaling", new StudyPart("scaling", new Scaling()));
    parts.put("footprint", Footprint::run);
    return parts;
  }

  public static void main(String[] arguments) throws InterruptedException {
    System.exit(run(List.of(arguments), System.out, System.err));
  }

  private static int run(List<String> arguments, PrintStream out, PrintStream err)
      throws InterruptedException {
    boolean named = !arguments.isEmpty() && !arguments.get(0).startsWith("-");
    String name = named ? arguments.get(0) : DEFAULT_PART;
    List<String> rest = named ? arguments.subList(1, arguments.size()) : arguments;
    try {
      Map<String, Part> parts = parts();
      if (name.equals(ALL) && rest.contains("--help")) {
        out.println(
            "usage: benchmarks/run.sh all [--quick | --short] [--dir DIR] [--java PATH] [--agent JAR]");
        out.println("  runs " + String.join(", ", parts.keySet()) + ", and writes RESULTS.md");
        return 0;
      }
      if (name.equals(ALL)) {
        return new AllParts(parts, BuildDirectory.find()).run(rest, out, err);
      }
      Part part = parts.get(name);
      if (part == null) {
        String names = String.join(", ", parts.keySet());
        err.println(
            "benchmarks: nothing is named " + name + ", expected one of " + names + ", " + ALL);
        return USAGE_ERROR;
      }
      return part.run(rest, out, err);
    } catch (IOException e) {
      err.println("benchmarks: " + e);
      return FAILED;
    }
  }
}
