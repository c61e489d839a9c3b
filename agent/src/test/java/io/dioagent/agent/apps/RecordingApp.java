package io.dioagent.agent.apps;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

/**
 * Starts and stops recordings, and writes the same way while each runs and in between. Prints for
 * each recording how many events of which kind name the file. Arguments: the file, how many
 * recordings, writes in each.
 */
public final class RecordingApp {
  private static final int BYTES = 8192;
  private static final Set<String> COUNTED = Set.of("jdk.FileWrite", "io.dioagent.Write");

  private RecordingApp() {}

  /** Prints one line per recording. */
  public static void main(String[] arguments) throws IOException {
    Path file = Path.of(arguments[0]);
    int recordings = Integer.parseInt(arguments[1]);
    int writes = Integer.parseInt(arguments[2]);
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      write(channel, writes);
      for (int i = 0; i < recordings; i++) {
        try (Recording recording = new Recording()) {
          recording.enable("jdk.FileWrite").withThreshold(Duration.ZERO).withoutStackTrace();
          recording.enable("io.dioagent.Write").withThreshold(Duration.ZERO);
          recording.enable("io.dioagent.AgentConfiguration");
          recording.start();
          write(channel, writes);
          recording.stop();
          System.out.println(count(recording, file));
        }
        write(channel, writes);
      }
    }
    System.out.println(Files.size(file) + " bytes");
  }

  private static void write(FileChannel channel, int writes) throws IOException {
    for (int i = 0; i < writes; i++) {
      int written = channel.write(ByteBuffer.allocate(BYTES));
      if (written != BYTES) {
        throw new AssertionError(written + ", expected " + BYTES);
      }
    }
  }

  private static Map<String, Integer> count(Recording recording, Path file) throws IOException {
    Path dump = file.resolveSibling("dump-" + recording.getId() + ".jfr");
    recording.dump(dump);
    Map<String, Integer> counts = new TreeMap<>();
    for (RecordedEvent event : RecordingFile.readAllEvents(dump)) {
      String name = event.getEventType().getName();
      // Others come as the machine pleases: a busy one records stalls.
      if (COUNTED.contains(name) && file.toString().equals(event.getString("path"))) {
        counts.merge(name, 1, Integer::sum);
      }
    }
    return counts;
  }
}
