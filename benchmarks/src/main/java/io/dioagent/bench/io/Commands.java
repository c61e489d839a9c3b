package io.dioagent.bench.io;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Runs processes to their end, bounded in time, none left behind. */
public final class Commands {
  private final Path output;
  private final Path errors;
  private final Set<Process> running = ConcurrentHashMap.newKeySet();

  public Commands(Scratch scratch) {
    this.output = scratch.file("output");
    this.errors = scratch.file("errors");
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(() -> running.forEach(Process::destroyForcibly), "end processes"));
  }

  /**
   * How a process ended.
   *
   * @param exitCode its exit code
   * @param output its standard output
   * @param errorText its standard error
   * @param durationNanos from before its start until after its end
   */
  public record Outcome(int exitCode, String output, String errorText, long durationNanos) {}

  /**
   * Runs a command.
   *
   * @throws IOException if it cannot be started or does not end within the limit
   */
  public Outcome run(List<String> command, Duration limit)
      throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .redirectOutput(output.toFile())
            .redirectError(errors.toFile());
    long start = System.nanoTime();
    Process process = builder.start();
    running.add(process);
    try {
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IOException(
            "not done after " + limit.toSeconds() + " s: " + String.join(" ", command));
      }
      long durationNanos = System.nanoTime() - start;
      return new Outcome(process.exitValue(), read(output), read(errors), durationNanos);
    } finally {
      process.destroyForcibly();
      running.remove(process);
    }
  }

  /** Runs a command that has to succeed. */
  public Outcome runWell(List<String> command, Duration limit)
      throws IOException, InterruptedException {
    Outcome outcome = run(command, limit);
    if (outcome.exitCode() != 0) {
      throw new IOException(
          "exit code %d: %s%n%s%n%s%s"
              .formatted(
                  outcome.exitCode(),
                  outcome.errorText().lines().findFirst().orElse(""),
                  String.join(" ", command),
                  outcome.output(),
                  outcome.errorText()));
    }
    return outcome;
  }

  private static String read(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.UTF_8);
  }
}
