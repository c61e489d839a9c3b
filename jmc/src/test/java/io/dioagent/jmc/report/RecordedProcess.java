package io.dioagent.jmc.report;

import io.dioagent.events.DioEvents;
import io.dioagent.runtime.api.EventSink;
import io.dioagent.runtime.jfr.JfrSupport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import jdk.jfr.Configuration;
import jdk.jfr.Recording;

/** Runs a fresh JVM for a test. */
final class RecordedProcess {
  private RecordedProcess() {}

  /** Exit code and output of a JVM, stdout and stderr together. */
  record Result(int exitCode, String output) {}

  /**
   * Runs a class's main method in a fresh JVM, which is killed after a minute.
   *
   * @param options of the JVM
   */
  static Result run(List<String> options, Class<?> main, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.add("-cp");
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.add(main.getName());
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try {
      // The output is too short to fill the pipe.
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        throw new AssertionError("it does not end: " + command);
      }
      return new Result(
          process.exitValue(),
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
    } finally {
      process.destroyForcibly();
    }
  }

  /** Records writes together with the JDK's events, and dumps twice. */
  static final class Main {
    private Main() {}

    /** Arguments: the file to write, the first dump, and the second, which has all writes. */
    public static void main(String[] arguments) throws Exception {
      Path file = Path.of(arguments[0]);
      EventSink events = JfrSupport.createOrNull();
      Map<String, String> settings =
          new HashMap<>(Configuration.getConfiguration("default").getSettings());
      settings.putAll(DioEvents.configuration().getSettings());
      settings.put("io.dioagent.RuntimeStatistics#period", "20 ms");
      try (Recording recording = new Recording()) {
        recording.setSettings(settings);
        recording.start();
        Activity.healthy(file, 100, events);
        recording.dump(Path.of(arguments[1]));
        Activity.healthy(file, 50, events);
        recording.dump(Path.of(arguments[2]));
      }
    }
  }
}
