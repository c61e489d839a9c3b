package io.dioagent.samples.rules;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.events.DioEvents;
import io.dioagent.runtime.api.FilePolicy;
import io.dioagent.samples.stress.AioStress;
import io.dioagent.samples.stress.StressResult;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import picocli.CommandLine;

/** Runs a scenario in a fresh JVM under the packaged agent, with a recording from start to end. */
final class RecordedRun {
  private static final String SETTINGS = "io/dioagent/events/dio.jfc";
  private static final long LONGEST_SECONDS = 60;

  /** The samples and their libraries, without the agent. */
  private static final List<Class<?>> CLASS_PATH =
      List.of(
          AioStress.class, FilePolicy.class, DioEvents.class, CommandLine.class, Histogram.class);

  private final Path directory;
  private final Scenario scenario;
  private final boolean withThresholds;

  /**
   * Prepares a run.
   *
   * @param directory the real path
   * @param withThresholds whether the events' default thresholds apply instead of those of dio.jfc
   */
  RecordedRun(Path directory, Scenario scenario, boolean withThresholds) {
    this.directory = directory.resolve(scenario + (withThresholds ? "-with-thresholds" : ""));
    this.scenario = scenario;
    this.withThresholds = withThresholds;
  }

  /** Returns the file that the scenario writes. */
  Path file() {
    return directory.resolve("tagged/data");
  }

  /** Runs the scenario, and returns the recording. */
  Path run() throws Exception {
    Files.createDirectories(file().getParent());
    Path recording = directory.resolve("recording.jfr");
    List<String> command = new ArrayList<>();
    command.add(java());
    command.addAll(jvmArguments(recording));
    command.addAll(List.of("-cp", classPath(), scenario.main().getName()));
    command.addAll(scenario.arguments(file().toString()));
    Path output = directory.resolve("output");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      assertTrue(process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS), () -> "hangs: " + command);
      int status = process.exitValue();
      String said = Files.readString(output);
      assertTrue(
          status == 0 || status == StressResult.IO_ERRORS,
          () -> command + " ended with " + status + "\n" + said);
    } finally {
      process.destroyForcibly().waitFor();
    }
    return recording;
  }

  private List<String> jvmArguments(Path recording) throws IOException {
    List<String> arguments = new ArrayList<>();
    if (scenario.agentOptions() != null) {
      Path jar = Path.of(System.getProperty("dio.test.jar")).toRealPath();
      String tag = "tag=" + file().getParent() + "/**";
      String more = scenario.agentOptions().isEmpty() ? "" : "," + scenario.agentOptions();
      arguments.add("-javaagent:" + jar + "=write=sync," + tag + more);
    }
    String settings = "settings=default";
    if (!withThresholds) {
      Path file = directory.resolve("dio.jfc");
      try (InputStream in = getClass().getClassLoader().getResourceAsStream(SETTINGS)) {
        Files.copy(in, file);
      }
      settings += ",settings=" + file;
    }
    arguments.add("-XX:StartFlightRecording=" + settings + ",filename=" + recording);
    arguments.addAll(List.of("-Xlog:disable", "-Xlog:all=error:stderr"));
    return arguments;
  }

  private static String java() {
    String set = System.getProperty("dio.test.java");
    return set == null || set.isBlank()
        ? Path.of(System.getProperty("java.home"), "bin", "java").toString()
        : set;
  }

  private static String classPath() throws URISyntaxException {
    List<String> entries = new ArrayList<>();
    for (Class<?> type : CLASS_PATH) {
      entries.add(
          Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString());
    }
    return String.join(File.pathSeparator, entries);
  }
}
