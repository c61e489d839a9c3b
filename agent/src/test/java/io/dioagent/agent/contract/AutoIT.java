package io.dioagent.agent.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.dioagent.agent.testing.AgentJvm;
import io.dioagent.agent.testing.JvmResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import jdk.jfr.consumer.RecordedEvent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** By default only writes that lose nothing by it wait for the device. */
class AutoIT {
  private final Scratch scratch = Scratch.onDisk();

  @AfterEach
  void removeScratch() {
    scratch.close();
  }

  @Test
  void eachFileGoesItsWay() throws Exception {
    Path data = scratch.newDirectory("data");
    Need.directWrites(data);
    FlightRecording recording = new FlightRecording(scratch.directory());
    JvmResult result =
        AgentJvm.of(AutoApp.class, data.toString())
            .writingByDefault()
            .agent("tag=" + data + "/**")
            .jvm(recording.jvmArguments())
            .run()
            .expectExit(0);
    assertEquals("written\n", result.out());
    assertEquals("", result.err());
    Recorded recorded = recording.read();
    long all = AutoApp.FILE_BYTES;
    assertEquals(
        new TreeMap<>(Map.of("synced", all, "overwritten", all / 2)),
        bytes(recorded, "directBytes"),
        recorded::toString);
    assertEquals(
        new TreeMap<>(
            Map.of(
                "log",
                all,
                "blocks",
                all,
                "extended",
                all,
                "overwritten",
                all,
                "lines",
                all + all / 2)),
        bytes(recorded, "bufferedBytes"),
        recorded::toString);
    // No write of these has waited for its write-back.
    Set<String> fallbacks = new TreeSet<>();
    recorded.events("BufferedFallback").forEach(event -> fallbacks.add(fileOf(event)));
    assertEquals(Set.of(), fallbacks);
    assertContent(data);
  }

  private static void assertContent(Path data) throws IOException {
    byte[] expected = AutoApp.content();
    for (String file :
        new String[] {"log", "blocks", "synced", "extended", "overwritten", "lines"}) {
      assertArrayEquals(expected, Files.readAllBytes(data.resolve(file)), file);
    }
  }

  private static String fileOf(RecordedEvent event) {
    return event.getString("path").replaceAll(".*/", "");
  }

  /** Returns the sum of a field by file, but no zeros. */
  private static Map<String, Long> bytes(Recorded recorded, String field) {
    TreeMap<String, Long> bytes = new TreeMap<>();
    for (RecordedEvent write : recorded.events("Write")) {
      if (write.getLong(field) > 0) {
        bytes.merge(fileOf(write), write.getLong(field), Long::sum);
      }
    }
    return bytes;
  }
}
