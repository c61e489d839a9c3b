package io.dioagent.runtime.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** C programs made while a test runs, on machines that have a compiler. */
public final class CProgram {
  private CProgram() {}

  /** Skips the test, and prints why, unless a condition holds. */
  public static void skipUnless(boolean condition, String otherwise) {
    if (!condition) {
      System.out.println("SKIPPED: " + otherwise);
    }
    assumeTrue(condition, otherwise);
  }

  /** Skips the test, and prints why, unless a command can be run. */
  public static void skipWithout(String... command) {
    String name = command[0];
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      skipUnless(process.waitFor(30, TimeUnit.SECONDS), name + " does not end");
      skipUnless(process.exitValue() == 0, name + " says " + process.exitValue());
    } catch (IOException e) {
      skipUnless(false, "no " + name + " here: " + e.getMessage());
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Compiles a program; skips the test, and prints why, if there is no compiler. */
  public static Path compile(Scratch scratch, String name, String source)
      throws IOException, InterruptedException {
    skipWithout("gcc", "--version");
    Path code = Files.writeString(scratch.file(name + ".c"), source);
    Path program = scratch.file(name);
    try (Forked gcc =
        Forked.command(List.of("gcc", "-O1", "-o", program.toString(), code.toString()))) {
      Forked.Result result = gcc.join();
      skipUnless(result.exitCode() == 0, "gcc cannot compile this here: " + result);
    }
    return program;
  }

  /** Compiles and runs a program, and returns its lines. */
  public static List<String> output(Scratch scratch, String name, String source)
      throws IOException, InterruptedException {
    Path program = compile(scratch, name, source);
    try (Forked run = Forked.command(List.of(program.toString()))) {
      Forked.Result result = run.join();
      if (result.exitCode() != 0) {
        throw new AssertionError(program + ": " + result);
      }
      return result.lines();
    }
  }
}
