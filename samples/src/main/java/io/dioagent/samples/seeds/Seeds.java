package io.dioagent.samples.seeds;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs samples, each variant in a JVM of its own, and judges them: {@code Seeds RESULTS NAME...} or
 * {@code Seeds RESULTS all}. Their recordings stay in the directory RESULTS. Exits with 0 if every
 * broken variant broke and every fixed one held, with 1 if not, with 2 for wrong arguments.
 */
public final class Seeds {
  private static final String ALL = "all";

  private final PrintStream out;
  private final Path results;
  private final WorkDirectory work;
  private final boolean brief;

  /** Guarded by this, as is {@link #ending}. */
  private SampleProcess running;

  private boolean ending;

  private Seeds(PrintStream out, Path results, WorkDirectory work, boolean brief) {
    this.out = out;
    this.results = results;
    this.work = work;
    this.brief = brief;
  }

  /** Runs the samples. */
  public static void main(String[] args) throws IOException {
    List<String> known = Catalogue.entries().stream().map(Catalogue.Entry::name).toList();
    boolean all = args.length == 2 && args[1].equals(ALL);
    List<String> names = all ? known : List.of(args).subList(Math.min(1, args.length), args.length);
    if (names.isEmpty() || !known.containsAll(names)) {
      System.err.println("usage: Seeds RESULTS-DIRECTORY " + ALL + "|NAME..., of " + known);
      System.exit(2);
    }
    try {
      System.exit(run(Path.of(args[0]), names, all) ? 0 : 1);
    } catch (InterruptedException e) {
      // A signal ends this JVM, and determines its exit code.
      Thread.currentThread().interrupt();
    }
  }

  private static boolean run(Path directory, List<String> names, boolean brief)
      throws IOException, InterruptedException {
    Path results = Files.createDirectories(directory);
    WorkDirectory work;
    try {
      work =
          WorkDirectory.under(
              results, Path.of(System.getProperty("java.io.tmpdir")), Path.of("/var/tmp"));
    } catch (IOException e) {
      System.err.println("samples: " + e.getMessage());
      return false;
    }
    Seeds seeds = new Seeds(System.out, results, work, brief);
    // Leaves no child process and no file except the recordings, also if a signal ends this JVM.
    Runtime.getRuntime().addShutdownHook(new Thread(seeds::cleanUp, "clean-up"));
    return seeds.runAll(names);
  }

  private synchronized void cleanUp() {
    ending = true;
    if (running != null) {
      running.close();
    }
    work.close();
  }

  private synchronized SampleProcess start(
      String name, Variant variant, Path directory, Path recording)
      throws IOException, InterruptedException {
    stopIfEnding();
    running = SampleProcess.start(name, variant, directory, recording);
    return running;
  }

  private synchronized void stopIfEnding() throws InterruptedException {
    if (ending) {
      throw new InterruptedException("this JVM is ending");
    }
  }

  private boolean runAll(List<String> names) throws IOException, InterruptedException {
    int failures = 0;
    for (Catalogue.Entry entry : Catalogue.entries()) {
      if (names.contains(entry.name())) {
        failures += run(entry) ? 0 : 1;
      }
    }
    out.println();
    out.println(
        failures == 0
            ? "samples: " + names.size() + " of " + names.size() + " as expected"
            : "samples: FAILED: " + failures + " of " + names.size() + " not as expected");
    return failures == 0;
  }

  /** The result of one variant. */
  private record Result(Variant variant, Path recording, Verdict verdict) {
    boolean isExpected() {
      return verdict.isExpectedOf(variant);
    }

    String words() {
      return isExpected() ? verdict.words() : verdict.words() + " (NOT AS EXPECTED)";
    }
  }

  private boolean run(Catalogue.Entry entry) throws IOException, InterruptedException {
    Sample sample = Catalogue.sample(entry.name());
    if (!brief) {
      out.println("== " + entry.name() + " (seed " + entry.seeds() + "): " + entry.about());
    }
    List<Result> done = new ArrayList<>();
    for (Variant variant : sample.variants()) {
      done.add(run(entry.name(), sample, variant));
    }
    out.println(
        entry.name() + ": broken: " + words(done, true) + " / fixed: " + words(done, false));
    for (Result result : done) {
      out.println("    " + result.recording());
    }
    return done.stream().allMatch(Result::isExpected);
  }

  private static String words(List<Result> done, boolean broken) {
    List<Result> those = done.stream().filter(one -> one.variant().broken() == broken).toList();
    if (those.size() == 1) {
      return those.get(0).words();
    }
    return String.join(
        "; ", those.stream().map(one -> one.variant().name() + ": " + one.words()).toList());
  }

  private Result run(String name, Sample sample, Variant variant)
      throws IOException, InterruptedException {
    String runName = name + "-" + variant.name();
    Path recording = results.resolve(runName + ".jfr");
    Files.deleteIfExists(recording);
    stopIfEnding();
    Path directory = work.directory(runName);
    Verdict verdict;
    try (SampleProcess process = start(name, variant, directory, recording)) {
      Outcome outcome = process.join();
      verdict = sample.judge(outcome);
      if (!brief) {
        print(variant, outcome, recording, verdict);
      }
    } catch (IOException | IllegalStateException e) {
      stopIfEnding();
      verdict = new Verdict(Verdict.Kind.UNCLEAR, e.getMessage());
    }
    WorkDirectory.delete(directory);
    return new Result(variant, recording, verdict);
  }

  private void print(Variant variant, Outcome outcome, Path recording, Verdict verdict) {
    out.println(variant.name());
    out.println("  expected: " + variant.expected());
    out.println("  happened:");
    outcome.happened().forEach(line -> out.println("    " + line));
    out.println("  recording " + recording + ":");
    outcome.events().stream()
        .filter(event -> !Events.isRoutine(event))
        .flatMap(event -> Events.describe(event).stream())
        .forEach(line -> out.println("    " + line));
    out.println("  verdict " + verdict.kind() + ": " + verdict.words());
  }
}
