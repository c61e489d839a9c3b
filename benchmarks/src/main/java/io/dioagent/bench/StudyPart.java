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
 * A study as a part of {@code run.sh}: its options, its directory, its files.
 *
 * @param name of the part
 * @param study what is measured
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
      StudyOptions options = StudyOptions.parse(arguments);
      if (options.help()) {
        out.print(StudyOptions.usage(name));
        return 0;
      }
      return measure(options, out, err) ? 0 : INCOMPLETE;
    } catch (UsageException e) {
      err.println("benchmarks: " + e.getMessage());
      err.print(StudyOptions.usage(name));
      return USAGE_ERROR;
    }
  }

  private boolean measure(StudyOptions options, PrintStream out, PrintStream err)
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
      Study.Findings findings =
          study.measure(options.length(), bench, target.resolve("plots"), err);
      String text = head(machine, options.length()) + "\n\n" + findings.markdown();
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

  private static String head(Machine machine, Length length) {
    return length == Length.QUICK ? machine.text() + "\n" + Machine.QUICK_RUN : machine.text();
  }

  private static Bench bench(StudyOptions options, Scratch scratch) throws IOException {
    Path ownJava = Path.of(System.getProperty("java.home"), "bin", "java");
    return new Bench(
        options.length() == Length.QUICK ? Effort.QUICK : Effort.FULL,
        options.java().orElse(ownJava),
        options.agent().orElse(BuildDirectory.agent()),
        System.getProperty("java.class.path"),
        scratch,
        new Commands(scratch));
  }
}
