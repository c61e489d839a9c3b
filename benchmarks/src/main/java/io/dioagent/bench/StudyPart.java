package io.dioagent.bench;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import io.dioagent.bench.io.Commands;
import io.dioagent.bench.io.DirectFiles;
import io.dioagent.bench.io.Scratch;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Runs a study as a part of {@code run.sh}: parses options, and writes the result files.
 *
 * @param name the name of the part
 * @param study the study
 */
record StudyPart(String name, Study study) implements Part {
  private static final Gson GSON =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();
  private static final int USAGE_ERROR = 2;
  private static final int INCOMPLETE = 1;

  @Override
  public int run(List<String> arguments, PrintStream out, PrintStream err)
      throws IOException, InterruptedException {
    try {
      Options options = Options.parse(arguments, study.names());
      if (options.help()) {
        out.print(Options.USAGE);
        return 0;
      }
      if (options.list()) {
        study.names().forEach(out::println);
        return 0;
      }
      return measure(options, out, err) ? 0 : INCOMPLETE;
    } catch (UsageException e) {
      err.println("benchmarks: " + e.getMessage());
      err.print(Options.USAGE);
      return USAGE_ERROR;
    }
  }

  private boolean measure(Options options, PrintStream out, PrintStream err)
      throws IOException, InterruptedException, UsageException {
    Path target = BuildDirectory.find();
    Path directory = options.directory().orElse(target.resolve("data"));
    Files.createDirectories(directory);
    try (Scratch scratch = Scratch.in(directory)) {
      if (!DirectFiles.possibleIn(scratch.directory())) {
        throw new UsageException("no O_DIRECT in " + directory + ", choose a disk with --dir");
      }
      Bench bench = bench(options, scratch);
      Machine machine = Machine.read(bench, target);
      Study.Findings findings = study.measure(extent(options), bench, target.resolve("plots"), err);
      String text = machine.text() + "\n" + options.length().note() + "\n\n" + findings.markdown();
      JsonObject json = new JsonObject();
      json.add("machine", GSON.toJsonTree(machine));
      json.add("length", GSON.toJsonTree(options.length()));
      json.add(name, findings.json());
      Files.writeString(target.resolve(name + ".md"), text, StandardCharsets.UTF_8);
      Files.writeString(
          target.resolve(name + ".json"), GSON.toJson(json) + "\n", StandardCharsets.UTF_8);
      out.print(text);
      out.flush();
      return findings.complete();
    }
  }

  private static Study.Extent extent(Options options) {
    return new Study.Extent(options.length(), options.pairs(), options.calm(), options.only());
  }

  private static Bench bench(Options options, Scratch scratch) throws IOException {
    Path ownJava = Path.of(System.getProperty("java.home"), "bin", "java");
    return new Bench(
        options.length().effort(),
        options.java().orElse(ownJava),
        options.agent().orElse(BuildDirectory.agent()),
        System.getProperty("java.class.path"),
        scratch,
        new Commands(scratch));
  }
}
