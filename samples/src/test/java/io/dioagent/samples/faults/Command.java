package io.dioagent.samples.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Runs commands of the machine. */
final class Command {
  private Command() {}

  /** The output and exit code of a command. */
  record Result(int exitCode, String output) {}

  /** Runs a command, and returns its stripped output; fails unless it exits with 0. */
  static String run(Object... words) {
    Result result = attempt(words);
    if (result.exitCode != 0) {
      throw new IllegalStateException(
          List.of(words) + " ended with " + result.exitCode + ", expected 0: " + result.output);
    }
    return result.output;
  }

  /** Runs a command with any exit code. */
  static Result attempt(Object... words) {
    ProcessBuilder builder =
        new ProcessBuilder(List.of(words).stream().map(String::valueOf).toList());
    builder.redirectErrorStream(true);
    builder.environment().putAll(Map.of("LC_ALL", "C.UTF-8"));
    try {
      Process process = builder.start();
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Result(process.waitFor(), output.strip());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted: " + List.of(words), e);
    }
  }

  /** Returns whether a command is on the path. */
  static boolean exists(String name) {
    return attempt("sh", "-c", "command -v " + name).exitCode == 0;
  }
}
