package io.dioagent.samples.faults;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** An aio-stress in a JVM of its own, on one of the layers, with limits of time and errors. */
final class Stress implements Fixture {
  /** The exit status after errors without wrong data. */
  static final int IO_ERRORS = 3;

  private static final String SUMMARY = "aio-stress: ";
  private static final long LONGEST_SECONDS = 120;

  private final Process process;
  private final List<String> said = new CopyOnWriteArrayList<>();
  private final Thread reader;

  Stress(WorkDirectory work, Layer layer, Path file, int seconds) {
    List<String> command = new ArrayList<>(List.of(Application.java(), "-Xmx256m"));
    command.addAll(List.of("-XX:-UsePerfData", "-Djava.io.tmpdir=" + work.path()));
    if (layer == Layer.AGENT) {
      command.add(
          "-javaagent:" + Application.agentJar() + "=tag=" + file + ",write=sync,deadline=10s");
    }
    command.addAll(List.of("-cp", Application.allClasses()));
    command.add("io.dioagent.samples.stress.AioStress");
    command.addAll(List.of("--threads", "4", "--record-size", "64k", "--file-size", "8m"));
    command.addAll(List.of("--stages", "write,rewrite,random-write,random-read", "--verify"));
    command.addAll(List.of("--for", "" + seconds, "--max-errors", "100"));
    switch (layer) {
      case RUNTIME -> command.addAll(List.of("--sync-api", "--deadline", "10s"));
      case QUEUE -> command.addAll(List.of("--depth", "8", "--deadline", "10s"));
      case AGENT -> command.add("--channel");
    }
    command.add(file.toString());
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    reader = new Thread(this::read, "output of " + process.pid());
    reader.setDaemon(true);
    reader.start();
  }

  private void read() {
    try (BufferedReader output =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line; (line = output.readLine()) != null; ) {
        said.add(line);
      }
    } catch (IOException e) {
      said.add("its output ended with " + e);
    }
  }

  /** Returns the numbers of its summary, and "exit", the exit status. */
  Map<String, Integer> result() throws InterruptedException {
    if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("aio-stress does not end within " + LONGEST_SECONDS + " s: " + said);
    }
    reader.join();
    Map<String, Integer> numbers = new HashMap<>(Map.of("exit", process.exitValue()));
    for (String line : said) {
      if (line.startsWith(SUMMARY)) {
        for (String word : line.substring(SUMMARY.length()).split(" ", -1)) {
          String[] parts = word.split("=", 2);
          if (parts.length == 2 && parts[1].matches("\\d{1,9}")) {
            numbers.put(parts[0], Integer.valueOf(parts[1]));
          }
        }
      }
    }
    if (!numbers.containsKey("issued")) {
      throw new AssertionError("aio-stress gave no summary: " + said);
    }
    return numbers;
  }

  /** Returns the errors that it printed, such as "EIO 12, EROFS 3". */
  String errors() {
    return said.stream()
        .filter(line -> line.startsWith("errors: "))
        .map(line -> line.substring("errors: ".length()))
        .findFirst()
        .orElse("no error");
  }

  @Override
  public String toString() {
    return String.join("\n", said);
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
