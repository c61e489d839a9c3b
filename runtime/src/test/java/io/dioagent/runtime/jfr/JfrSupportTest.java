package io.dioagent.runtime.jfr;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.runtime.api.EventSink;
import io.dioagent.runtime.api.RequestInfo;
import io.dioagent.runtime.api.Setting;
import io.dioagent.runtime.api.Statistics;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Uses other JVMs: in this one neither the presence of JFR nor its start can be changed. */
class JfrSupportTest {

  @TempDir Path directory;

  @Test
  void isAvailableHere() {
    assertTrue(JfrSupport.available());
    assertInstanceOf(JfrEventSink.class, JfrSupport.createOrNull());
  }

  @Test
  void withoutTheModule() throws Exception {
    assertEquals(
        List.of("available false", "sink false"),
        run(WithoutModule.class, "--limit-modules", "java.base"));
  }

  @Test
  void withoutTheEventClasses() throws Exception {
    String runtimeOnly = path(JfrSupport.class) + File.pathSeparator + path(JfrSupportTest.class);
    assertEquals(
        List.of("available false", "sink false"), run(WithoutModule.class, "-cp", runtimeOnly));
  }

  /** Events without a recording must not make JFR prepare itself: 60 to 90 ms, and its memory. */
  @Test
  void doesNotStartFlightRecorder() throws Exception {
    Path loaded = directory.resolve("loaded.txt");
    assertEquals(
        List.of("initialized false"), run(NoRecording.class, "-Xlog:class+load:file=" + loaded));
    String classes = Files.readString(loaded);
    assertTrue(classes.contains("jdk.jfr.FlightRecorder "), "the log names classes");
    assertFalse(classes.contains("jdk.jfr.internal.MetadataRepository "), "JFR is prepared");
  }

  @Test
  void recordsWhenFlightRecorderStartsLater() throws Exception {
    assertEquals(
        List.of("initialized false", "statistics true", "configuration true"),
        run(StartsLater.class, directory.resolve("later.jfr").toString()));
  }

  private static String path(Class<?> type) throws Exception {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
  }

  /**
   * Returns its output. A recording to be written is an argument of the program, the rest options.
   */
  private List<String> run(Class<?> program, String... arguments) throws Exception {
    Path output = directory.resolve("output.txt");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    List<String> forProgram = new ArrayList<>(List.of(program.getName()));
    for (String argument : arguments) {
      (argument.endsWith(".jfr") ? forProgram : command).add(argument);
    }
    command.addAll(forProgram);
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      assertTrue(process.waitFor(60, TimeUnit.SECONDS), "still running");
    } finally {
      process.destroyForcibly();
    }
    assertEquals(0, process.exitValue(), Files.readString(output));
    return Files.readAllLines(output);
  }

  /** Runs without jdk.jfr. Links nothing of it. */
  static final class WithoutModule {
    private WithoutModule() {}

    public static void main(String[] args) {
      System.out.println("available " + JfrSupport.available());
      System.out.println("sink " + (JfrSupport.createOrNull() != null));
      JfrSupport.warmUp();
    }
  }

  /** The start of an agent, and an application's events after it. */
  static final class NoRecording {
    private NoRecording() {}

    public static void main(String[] args) {
      startAgentAndWrite();
      System.out.println("initialized " + FlightRecorder.isInitialized());
    }

    static void startAgentAndWrite() {
      EventSink sink = JfrSupport.createOrNull();
      JfrSupport.warmUp();
      sink.statisticsFrom(() -> new Statistics(1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0));
      sink.configurationFrom(() -> List.of(new Setting("k", "v", "default")));
      RequestInfo request = new RequestInfo(1, "/f", 0, 1);
      sink.taggedFile("/f", false, 0, 0, "tmpfs");
      sink.bufferedFallback(request, 1, "tmpfs", Thread.currentThread());
      sink.endWrite(sink.beginWrite(), request, 1, 0, 1, 0);
      sink.endForce(sink.beginForce(), "/f", false, 0);
    }
  }

  /** The same, and then a recording starts. */
  static final class StartsLater {
    private StartsLater() {}

    public static void main(String[] args) throws Exception {
      NoRecording.startAgentAndWrite();
      System.out.println("initialized " + FlightRecorder.isInitialized());
      Path file = Path.of(args[0]);
      try (Recording recording = new Recording()) {
        recording.enable("io.dioagent.RuntimeStatistics").withPeriod(Duration.ofMillis(10));
        recording.start();
        Thread.sleep(500);
        recording.stop();
        recording.dump(file);
      }
      Set<String> names =
          RecordingFile.readAllEvents(file).stream()
              .map(event -> event.getEventType().getName())
              .collect(Collectors.toSet());
      System.out.println("statistics " + names.contains("io.dioagent.RuntimeStatistics"));
      System.out.println("configuration " + names.contains("io.dioagent.AgentConfiguration"));
    }
  }
}
