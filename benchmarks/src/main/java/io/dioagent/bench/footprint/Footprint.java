package io.dioagent.bench.footprint;

import io.dioagent.bench.BuildDirectory;
import io.dioagent.bench.io.Commands;
import io.dioagent.bench.io.Jdks;
import io.dioagent.bench.io.Scratch;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Starts JVMs with and without agents, in rounds, and reports the cost of each agent. */
public final class Footprint {
  private static final List<Integer> RELEASES = List.of(17, 25);
  private static final int USAGE_ERROR = 2;

  private Footprint() {}

  /** Runs this part of {@code run.sh}. */
  public static int run(List<String> arguments, PrintStream out, PrintStream err)
      throws IOException, InterruptedException {
    FootprintOptions options;
    try {
      options = FootprintOptions.parse(arguments);
    } catch (IllegalArgumentException e) {
      err.println("benchmarks: " + e.getMessage());
      err.print(FootprintOptions.USAGE);
      return USAGE_ERROR;
    }
    Path target = BuildDirectory.find();
    Path directory = options.directory().orElse(target.resolve("data"));
    Files.createDirectories(directory);
    List<Measured> all = new ArrayList<>();
    try (Scratch scratch = Scratch.in(directory)) {
      Path nothing = scratch.file("nothing.jar");
      DoNothingAgent.write(nothing);
      Path agent = options.agent().orElse(BuildDirectory.agent());
      List<Variant> variants =
          Variants.of(nothing, agent, target.resolve("lib-agents"), scratch.file("written"));
      for (Map.Entry<Integer, Path> jdk : jdks(options, err).entrySet()) {
        all.addAll(measure(jdk.getKey(), jdk.getValue(), variants, options.rounds(), scratch, err));
      }
    }
    String tables = FootprintReport.markdown(all, options.rounds());
    write(target.resolve("footprint.md"), tables);
    write(target.resolve("footprint.json"), FootprintReport.json(all));
    out.print(tables);
    out.flush();
    return 0;
  }

  private static Map<Integer, Path> jdks(FootprintOptions options, PrintStream err)
      throws IOException {
    Path ownHome = Path.of(System.getProperty("java.home"));
    if (options.java().isPresent()) {
      Path java = options.java().get().toRealPath();
      for (Map.Entry<Integer, Path> jdk : Jdks.beside(java.getParent().getParent()).entrySet()) {
        if (jdk.getValue().toRealPath().equals(java)) {
          return Map.of(jdk.getKey(), java);
        }
      }
      throw new IOException(java + " is no JDK's java command");
    }
    Map<Integer, Path> wanted = new TreeMap<>(Jdks.beside(ownHome));
    for (int release : RELEASES) {
      if (!wanted.containsKey(release)) {
        err.println("footprint: skipped: no JDK " + release + " beside the one that runs this");
      }
    }
    wanted.keySet().retainAll(RELEASES);
    return wanted;
  }

  private static List<Measured> measure(
      int release, Path java, List<Variant> variants, int rounds, Scratch scratch, PrintStream err)
      throws IOException, InterruptedException {
    Starts starts =
        new Starts(new Commands(scratch), scratch, java, System.getProperty("java.class.path"));
    List<Measured> all = variants.stream().map(each -> new Measured(release, each)).toList();
    for (int round = 1; round <= rounds; round++) {
      for (Measured measured : all) {
        if (measured.whyNot().isEmpty()) {
          start(starts, measured);
        }
      }
      err.println("footprint: JDK " + release + ", round " + round + " of " + rounds);
    }
    return all;
  }

  private static void start(Starts starts, Measured measured) throws InterruptedException {
    try {
      measured.add(starts.start(measured.variant()));
    } catch (IOException e) {
      measured.failed(e.getMessage());
    }
  }

  private static void write(Path file, String text) throws IOException {
    Files.writeString(file, text, StandardCharsets.UTF_8);
  }
}
