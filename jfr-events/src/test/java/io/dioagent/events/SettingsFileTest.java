package io.dioagent.events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import jdk.jfr.Event;
import jdk.jfr.EventType;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Recording;
import jdk.jfr.SettingDescriptor;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests {@code dio.jfc}: it sets exactly these events, and can be layered over other settings. */
class SettingsFileTest {

  @TempDir Path directory;

  @Test
  void namesEachEventOnceAndNoOther() throws Exception {
    List<String> names = new ArrayList<>();
    try (InputStream file = DioEvents.class.getResourceAsStream("dio.jfc")) {
      Matcher event =
          Pattern.compile("<event name=\"([^\"]*)\"")
              .matcher(new String(file.readAllBytes(), StandardCharsets.UTF_8));
      while (event.find()) {
        names.add(event.group(1));
      }
    }
    assertEquals(
        DioEvents.all().stream().map(type -> EventType.getEventType(type).getName()).toList(),
        names.stream().sorted().toList());
  }

  /** JFR ignores settings that an event does not have. */
  @Test
  void setsEachSettingOfAnEventAndNoOther() {
    for (Class<? extends Event> type : DioEvents.all()) {
      Map<String, String> settings = settingsOf(type);
      boolean timed = List.of(Write.class, Read.class, Force.class).contains(type);
      boolean periodic =
          List.of(RuntimeStatistics.class, InFlight.class, AgentConfiguration.class).contains(type);
      TreeSet<String> expected = new TreeSet<>(List.of("enabled"));
      expected.add(periodic ? "period" : "stackTrace");
      if (timed) {
        expected.add("threshold");
      }
      assertEquals(expected, new TreeSet<>(settings.keySet()), type.getSimpleName());
      Map<String, SettingDescriptor> possible = possibleSettings(type, periodic);
      assertTrue(
          possible.keySet().containsAll(settings.keySet()), type + " has " + possible.keySet());
      assertEquals("true", settings.get("enabled"));
      if (timed) {
        assertEquals("0 ns", settings.get("threshold"));
      } else {
        // Only the thresholds differ from the defaults.
        settings.forEach(
            (name, value) -> assertEquals(possible.get(name).getDefaultValue(), value, name));
      }
    }
  }

  private static Map<String, SettingDescriptor> possibleSettings(
      Class<? extends Event> type, boolean periodic) {
    Runnable hook = () -> {};
    if (periodic) {
      // JFR treats an event as periodic only once it has a hook.
      FlightRecorder.addPeriodicEvent(type, hook);
    }
    try {
      return EventType.getEventType(type).getSettingDescriptors().stream()
          .collect(Collectors.toMap(SettingDescriptor::getName, s -> s, (a, b) -> a, TreeMap::new));
    } finally {
      FlightRecorder.removePeriodicEvent(hook);
    }
  }

  private static Map<String, String> settingsOf(Class<? extends Event> type) {
    String prefix = EventType.getEventType(type).getName() + "#";
    return DioEvents.configuration().getSettings().entrySet().stream()
        .filter(setting -> setting.getKey().startsWith(prefix))
        .collect(
            Collectors.toMap(
                setting -> setting.getKey().substring(prefix.length()), Map.Entry::getValue));
  }

  @Test
  void shortWritesAreRecordedOnlyWithTheFile() throws Exception {
    assertEquals(List.of("io.dioagent.Write"), recordShortWrite(true));
    assertEquals(List.of(), recordShortWrite(false));
  }

  private List<String> recordShortWrite(boolean withFile) throws Exception {
    Path file = directory.resolve(withFile + ".jfr");
    try (Recording recording =
        withFile ? new Recording(DioEvents.configuration()) : new Recording()) {
      recording.start();
      Write write = new Write();
      write.begin();
      write.commit();
      recording.stop();
      recording.dump(file);
    }
    return RecordingFile.readAllEvents(file).stream()
        .map(event -> event.getEventType().getName())
        .filter(name -> name.startsWith("io.dioagent."))
        .toList();
  }

  /** Layers it over a settings file of the JDK on the command line, as an operator does. */
  @Test
  void liesOverAnotherSettingsFile() throws Exception {
    Path own = Path.of(DioEvents.class.getResource("dio.jfc").toURI());
    Map<String, Long> both = recordJvm("settings=default,settings=" + own);
    assertEquals(1, both.get("io.dioagent.Write"), both.toString());
    assertEquals(1, both.get("io.dioagent.LostCompletion"), both.toString());
    assertNotNull(both.get("jdk.JVMInformation"), "of the JDK's settings: " + both);

    Map<String, Long> ownOnly = recordJvm("settings=" + own);
    assertEquals(1, ownOnly.get("io.dioagent.Write"), ownOnly.toString());
    assertEquals(null, ownOnly.get("jdk.JVMInformation"), ownOnly.toString());

    Map<String, Long> defaultOnly = recordJvm("settings=default");
    assertEquals(null, defaultOnly.get("io.dioagent.Write"), defaultOnly.toString());
    assertEquals(1, defaultOnly.get("io.dioagent.LostCompletion"), defaultOnly.toString());
  }

  private Map<String, Long> recordJvm(String settings) throws Exception {
    Path recording = directory.resolve("jvm.jfr");
    Path output = directory.resolve("output.txt");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:StartFlightRecording:" + settings + ",filename=" + recording,
                "-cp",
                System.getProperty("java.class.path"),
                ShortWriteAndLoss.class.getName())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      assertTrue(process.waitFor(60, TimeUnit.SECONDS), "still running");
    } finally {
      process.destroyForcibly();
    }
    assertEquals(0, process.exitValue(), Files.readString(output));
    return RecordingFile.readAllEvents(recording).stream()
        .map(RecordedEvent::getEventType)
        .collect(Collectors.groupingBy(EventType::getName, TreeMap::new, Collectors.counting()));
  }

  /** The recorded program. */
  static final class ShortWriteAndLoss {
    private ShortWriteAndLoss() {}

    public static void main(String[] args) {
      Write write = new Write();
      write.begin();
      write.commit();
      new LostCompletion().commit();
    }
  }
}
