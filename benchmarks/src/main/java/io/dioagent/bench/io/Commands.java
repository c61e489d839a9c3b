package io.dioagent.bench.io;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Runs processes with a time limit, and leaves none behind. */
public final class Commands {
  private final Path output;
  private final Path errors;
  private final Set<Process> running;

  /** A command that runs each command. */
  private final List<String> prefix;

  public Commands(Scratch scratch) {
    this(scratch.file("output"), scratch.file("errors"), ConcurrentHashMap.newKeySet(), List.of());
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(() -> running.forEach(Process::destroyForcibly), "end processes"));
  }

  private Commands(Path output, Path errors, Set<Process> running, List<String> prefix) {
    this.output = output;
    this.errors = errors;
    this.running = running;
    this.prefix = prefix;
  }

  /** Returns an instance that passes each command as last arguments to this command. */
  public Commands under(List<String> command) {
    return new Commands(output, errors, running, List.copyOf(command));
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
    List<String> whole = new ArrayList<>(prefix);
    whole.addAll(command);
    ProcessBuilder builder =
        new ProcessBuilder(whole)
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .redirectOutput(output.toFile())
            .redirectError(errors.toFile());
    long start = System.nanoTime();
    Process process = builder.start();
    running.add(process);
    try {
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IOException(
            "not done after " + limit.toSeconds() + " s: " + String.join(" ", whole));
      }
      long durationNanos = System.nanoTime() - start;
      return new Outcome(process.exitValue(), read(output), read(errors), durationNanos);
    } finally {
      process.destroyForcibly();
      running.remove(process);
    }
  }

  /** Runs a command, and fails unless it exits with 0. */
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
