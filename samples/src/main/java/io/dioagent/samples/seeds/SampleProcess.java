package io.dioagent.samples.seeds;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A JVM that runs one variant of a sample. Closing kills it if it has not ended. */
final class SampleProcess implements AutoCloseable {
  /** Limits a run; past it, {@link #join} fails. */
  private static final long LONGEST_SECONDS = 100;

  private final Process process;
  private final Path recording;

  private SampleProcess(Process process, Path recording) {
    this.process = process;
    this.recording = recording;
  }

  /**
   * Starts a JVM with the class path of this JVM.
   *
   * @param directory the directory of its files
   * @param recording the path of its recording
   */
  static SampleProcess start(String sample, Variant variant, Path directory, Path recording)
      throws IOException {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx128m",
            "-Xshare:auto",
            "-XX:TieredStopAtLevel=1",
            "-Xlog:jfr+startup=error",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            SampleMain.class.getName(),
            sample,
            variant.name(),
            directory.toString(),
            recording.toString());
    return new SampleProcess(
        new ProcessBuilder(command).redirectErrorStream(true).start(), recording);
  }

  /**
   * Waits until it ends.
   *
   * @throws IOException if it fails, with its output, or does not end in time
   */
  Outcome join() throws IOException, InterruptedException {
    List<String> lines = new ArrayList<>();
    Thread reader = new Thread(() -> readInto(lines), "output");
    reader.setDaemon(true);
    reader.start();
    if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
      throw new IOException("has not ended after " + LONGEST_SECONDS + " s, expected a few");
    }
    reader.join();
    if (process.exitValue() != 0) {
      throw new IOException(
          "ended with status " + process.exitValue() + ": " + String.join("\n    ", lines));
    }
    List<String> happened = new ArrayList<>();
    Map<String, Long> facts = new HashMap<>();
    for (String line : lines) {
      if (line.startsWith(Stage.FACT)) {
        int equals = line.lastIndexOf('=');
        facts.put(
            line.substring(Stage.FACT.length(), equals), Long.valueOf(line.substring(equals + 1)));
      } else {
        happened.add(line);
      }
    }
    return new Outcome(happened, facts, Events.read(recording));
  }

  /** Called by a thread that ends before the lines are read. */
  private void readInto(List<String> lines) {
    try (BufferedReader output =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line; (line = output.readLine()) != null; ) {
        lines.add(line);
      }
    } catch (IOException e) {
      lines.add("its output cannot be read: " + e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      // A process that is stuck in the kernel does not end in time.
      process.waitFor(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
