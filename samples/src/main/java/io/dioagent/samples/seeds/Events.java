package io.dioagent.samples.seeds;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import jdk.jfr.ValueDescriptor;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedMethod;
import jdk.jfr.consumer.RecordingFile;

/** Reads and describes the runtime's events in a recording. */
final class Events {
  private static final String PREFIX = "io.dioagent.";

  /** Emitted also if nothing is wrong. */
  private static final Set<String> ROUTINE = Set.of("TaggedFile", "RuntimeStatistics");

  /** The fields of every event. */
  private static final Set<String> COMMON =
      Set.of("startTime", "duration", "eventThread", "stackTrace");

  private static final String STACK = "submitterStack";
  private static final int FRAMES_SHOWN = 20;

  private Events() {}

  /** Reads the runtime's events, in the order of time. */
  static List<RecordedEvent> read(Path recording) throws IOException {
    List<RecordedEvent> events = new ArrayList<>();
    try (RecordingFile file = new RecordingFile(recording)) {
      while (file.hasMoreEvents()) {
        RecordedEvent event = file.readEvent();
        if (event.getEventType().getName().startsWith(PREFIX)) {
          events.add(event);
        }
      }
    }
    events.sort(
        Comparator.comparing(RecordedEvent::getStartTime, Comparator.<Instant>naturalOrder()));
    return events;
  }

  /** Returns the name without the package. */
  static String nameOf(RecordedEvent event) {
    return event.getEventType().getName().substring(PREFIX.length());
  }

  /** Returns whether the event reports no anomaly. */
  static boolean isRoutine(RecordedEvent event) {
    boolean endedWell = event.hasField("errno") && event.getInt("errno") == 0;
    return ROUTINE.contains(nameOf(event)) || (nameOf(event).equals("Write") && endedWell);
  }

  /** Returns an event as lines: its fields, and the submitter's stack if it has one. */
  static List<String> describe(RecordedEvent event) {
    StringBuilder line = new StringBuilder(nameOf(event));
    for (ValueDescriptor field : event.getFields()) {
      String name = field.getName();
      Object value = event.getValue(name);
      if (value != null && !COMMON.contains(name) && !name.equals(STACK)) {
        line.append(' ').append(name).append('=').append(value);
      }
    }
    List<String> lines = new ArrayList<>();
    lines.add(line.toString());
    stackOf(event).lines().limit(FRAMES_SHOWN).map(frame -> "  at " + frame).forEach(lines::add);
    return lines;
  }

  /** Returns the submitter's stack, one frame per line; empty if the event has none. */
  static String stackOf(RecordedEvent event) {
    if (event.hasField(STACK)) {
      return event.getString(STACK) == null ? "" : event.getString(STACK);
    }
    if (event.getStackTrace() == null) {
      return "";
    }
    StringBuilder lines = new StringBuilder();
    for (RecordedFrame frame : event.getStackTrace().getFrames()) {
      RecordedMethod method = frame.getMethod();
      lines
          .append(method.getType().getName())
          .append('.')
          .append(method.getName())
          .append(':')
          .append(frame.getLineNumber())
          .append('\n');
    }
    return lines.toString();
  }
}
