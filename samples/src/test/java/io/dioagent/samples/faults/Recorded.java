package io.dioagent.samples.faults;

import io.dioagent.events.DioEvents;
import io.dioagent.samples.rules.Judged;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

/** The direct I/O events of a recording. Immutable. */
final class Recorded {
  private static final String PREFIX = "io.dioagent.";

  private final Path file;
  private final List<RecordedEvent> events;

  private Recorded(Path file, List<RecordedEvent> events) {
    this.file = file;
    this.events = events;
  }

  /** Returns the JFR settings of applications. */
  static Path settings(WorkDirectory work) {
    Path file = work.resolve("dio.jfc");
    try (InputStream settings = DioEvents.class.getResourceAsStream("dio.jfc")) {
      if (!Files.exists(file)) {
        Files.copy(settings, file);
      }
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Recorded read(Path recording) {
    try {
      return new Recorded(
          recording,
          RecordingFile.readAllEvents(recording).stream()
              .filter(event -> event.getEventType().getName().startsWith(PREFIX))
              .toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns events by their name without the package. */
  List<RecordedEvent> events(String name) {
    return events.stream()
        .filter(event -> event.getEventType().getName().equals(PREFIX + name))
        .toList();
  }

  int count(String name) {
    return events(name).size();
  }

  /** Judges the recording by the JMC rules. */
  Judged judged() throws Exception {
    return Judged.of(file);
  }

  /** Returns the newest statistics, or null. */
  RecordedEvent statistics() {
    return events("RuntimeStatistics").stream()
        .max(java.util.Comparator.comparing(RecordedEvent::getStartTime))
        .orElse(null);
  }

  /** Returns whether nothing is in flight and no buffer is in use. */
  boolean isSettled() {
    RecordedEvent now = statistics();
    return now != null && now.getInt("inFlight") == 0 && now.getLong("bufferBytes") == 0;
  }
}
