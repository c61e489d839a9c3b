package io.dioagent.agent.contract;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

/** Sums and counts of the agent's writes in a recording. Immutable. */
public final class Recorded {
  private static final String PACKAGE = "io.dioagent.";

  private final TreeMap<String, Long> counts = new TreeMap<>();
  private final TreeSet<String> bufferedReasons = new TreeSet<>();
  private final List<RecordedEvent> all = new ArrayList<>();
  private boolean mayGoDirect;
  private long directBytes;
  private long bufferedBytes;

  private Recorded() {}

  public static Recorded of(Path recording) throws IOException {
    Recorded recorded = new Recorded();
    try (RecordingFile file = new RecordingFile(recording)) {
      while (file.hasMoreEvents()) {
        recorded.add(file.readEvent());
      }
    }
    return recorded;
  }

  private void add(RecordedEvent event) {
    String name = event.getEventType().getName();
    if (!name.startsWith(PACKAGE)) {
      return;
    }
    all.add(event);
    counts.merge(name.substring(PACKAGE.length()), 1L, Long::sum);
    if (name.equals(PACKAGE + "BufferedFallback")) {
      bufferedReasons.add(event.getString("reason"));
    } else if (name.equals(PACKAGE + "TaggedFile")) {
      mayGoDirect |= event.getBoolean("direct");
    } else if (name.equals(PACKAGE + "Write")) {
      directBytes += event.getLong("directBytes");
      bufferedBytes += event.getLong("bufferedBytes");
    }
  }

  /** The events of a kind, in the order of time. */
  public List<RecordedEvent> events(String kind) {
    return all.stream()
        .filter(event -> event.getEventType().getName().equals(PACKAGE + kind))
        .sorted(Comparator.comparing(RecordedEvent::getStartTime))
        .toList();
  }

  public long count(String event) {
    return counts.getOrDefault(event, 0L);
  }

  /** Whether some file was recorded as able to go direct. */
  public boolean mayGoDirect() {
    return mayGoDirect;
  }

  public long directBytes() {
    return directBytes;
  }

  /** Why some bytes went buffered. */
  public Set<String> bufferedReasons() {
    return bufferedReasons;
  }

  public long bufferedBytes() {
    return bufferedBytes;
  }

  @Override
  public String toString() {
    return "direct bytes "
        + directBytes
        + ", buffered bytes "
        + bufferedBytes
        + ", "
        + counts
        + ", "
        + bufferedReasons;
  }
}
