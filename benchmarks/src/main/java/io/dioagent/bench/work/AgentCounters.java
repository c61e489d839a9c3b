package io.dioagent.bench.work;

import io.dioagent.bench.io.JavaFork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

/** The agent's counts of written bytes in this JVM: its last RuntimeStatistics event. */
final class AgentCounters implements AutoCloseable {
  private static final String STATISTICS = "io.dioagent.RuntimeStatistics";

  private final Optional<Recording> recording;

  private AgentCounters(Optional<Recording> recording) {
    this.recording = recording;
  }

  /** Starts a recording of the counters, if there is an agent. */
  static AgentCounters start() {
    if (!Boolean.getBoolean(JavaFork.UNDER_AGENT)) {
      return new AgentCounters(Optional.empty());
    }
    Recording recording = new Recording();
    recording.enable(STATISTICS).with("period", "endChunk");
    recording.start();
    return new AgentCounters(Optional.of(recording));
  }

  /** Ends the recording and prints the current counters, if there is an agent. */
  void print() throws IOException {
    if (recording.isPresent()) {
      print(recording.get());
    }
  }

  private static void print(Recording recording) throws IOException {
    recording.stop();
    Path file = Files.createTempFile("dio-bench-", ".jfr");
    try {
      recording.dump(file);
      List<RecordedEvent> statistics =
          RecordingFile.readAllEvents(file).stream()
              .filter(event -> event.getEventType().getName().equals(STATISTICS))
              .toList();
      if (statistics.isEmpty()) {
        throw new IOException("the agent recorded no " + STATISTICS);
      }
      RecordedEvent last = statistics.get(statistics.size() - 1);
      Answer.print(Answer.DIRECT_BYTES, last.getLong("directBytes"));
      Answer.print(Answer.BUFFERED_BYTES, last.getLong("bufferedBytes"));
    } finally {
      Files.delete(file);
    }
  }

  @Override
  public void close() {
    recording.ifPresent(Recording::close);
  }
}
