package io.dioagent.bench;

import io.dioagent.bench.io.Commands;
import io.dioagent.bench.io.Fio;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** The machine and software of a run. */
record Machine(
    String time,
    String kernel,
    String processor,
    int processors,
    String fileSystem,
    String java,
    String fio,
    String commit,
    String loadAverage) {

  private static final Duration LIMIT = Duration.ofSeconds(20);

  static Machine read(Bench bench, Path projectDirectory) throws IOException, InterruptedException {
    return new Machine(
        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
        System.getProperty("os.version") + " " + System.getProperty("os.arch"),
        processorName(),
        Runtime.getRuntime().availableProcessors(),
        Files.getFileStore(bench.scratch().directory()).type(),
        javaVersion(bench),
        Fio.find(bench.commands()).map(Fio::version).orElse("none"),
        commit(bench.commands(), projectDirectory),
        loadNow());
  }

  /** Returns three lines to print above a table. */
  String text() {
    return String.join(
        "\n",
        processors + " x " + processor + ", Linux " + kernel,
        fileSystem + "; " + java + "; fio: " + fio,
        "commit " + commit + ", " + time + ", load " + loadAverage);
  }

  /** Returns the current load averages of 1, 5 and 15 minutes. */
  static String loadNow() throws IOException {
    String line = Files.readString(Path.of("/proc/loadavg"), StandardCharsets.US_ASCII);
    return String.join(" ", List.of(line.split(" ", 4)).subList(0, 3));
  }

  private static String processorName() throws IOException {
    return Files.readAllLines(Path.of("/proc/cpuinfo"), StandardCharsets.UTF_8).stream()
        .filter(line -> line.startsWith("model name"))
        .findFirst()
        .map(line -> line.substring(line.indexOf(':') + 1).trim())
        .orElse("unknown processor");
  }

  private static String javaVersion(Bench bench) throws IOException, InterruptedException {
    Commands.Outcome outcome =
        bench.commands().run(List.of(bench.java().toString(), "-version"), LIMIT);
    return outcome.errorText().lines().reduce((first, second) -> second).orElse("unknown").trim();
  }

  private static String commit(Commands commands, Path directory)
      throws IOException, InterruptedException {
    try {
      Commands.Outcome outcome =
          commands.run(
              List.of("git", "-C", directory.toString(), "describe", "--always", "--dirty"), LIMIT);
      return outcome.exitCode() == 0 ? outcome.output().trim() : "unknown";
    } catch (IOException e) {
      return "unknown"; // Works without git.
    }
  }
}
