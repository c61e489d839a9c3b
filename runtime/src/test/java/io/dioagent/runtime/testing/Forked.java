package io.dioagent.runtime.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A process of the test, often another JVM with the test's class path. Closing kills it. */
public final class Forked implements AutoCloseable {
  private final Process process;
  private final BufferedReader output;
  private final Writer input;

  /** The output of a process and its exit code. */
  public record Result(int exitCode, List<String> lines) {
    @Override
    public String toString() {
      return "exit code " + exitCode + "\n" + String.join("\n", lines);
    }
  }

  private Forked(List<String> command) throws IOException {
    process = new ProcessBuilder(command).redirectErrorStream(true).start();
    output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    input = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8);
  }

  /** Starts any command. */
  public static Forked command(List<String> command) throws IOException {
    return new Forked(command);
  }

  /**
   * Starts a JVM.
   *
   * @param launcher a command before the JVM's own, such as prlimit with its options
   */
  public static Forked jvm(List<String> launcher, Class<?> main, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>(launcher);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xshare:auto");
    command.add("-XX:TieredStopAtLevel=1");
    command.add("-Xmx128m");
    command.add("-cp");
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.add(main.getName());
    command.addAll(List.of(arguments));
    return new Forked(command);
  }

  /** Waits for a line that begins with this text. */
  public String awaitLine(String beginning) throws IOException {
    List<String> before = new ArrayList<>();
    for (String line; (line = output.readLine()) != null; before.add(line)) {
      if (line.startsWith(beginning)) {
        return line;
      }
    }
    throw new AssertionError("expected a line '" + beginning + "…', it said " + before);
  }

  /** Writes a line to its standard input. */
  public void say(String line) throws IOException {
    input.write(line + "\n");
    input.flush();
  }

  /** Waits until it ends, and returns its output since the last awaited line. */
  public Result join() throws IOException, InterruptedException {
    List<String> lines = new ArrayList<>();
    for (String line; (line = output.readLine()) != null; ) {
      lines.add(line);
    }
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      throw new AssertionError("it does not end: " + lines);
    }
    return new Result(process.exitValue(), lines);
  }

  /** Returns its process id. */
  public long pid() {
    return process.pid();
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor(30, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
