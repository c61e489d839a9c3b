package io.dioagent.agent.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.agent.testing.AgentJvm;
import io.dioagent.agent.testing.JvmResult;
import io.dioagent.agent.testing.RunningJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import jdk.jfr.consumer.RecordedEvent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** With {@code read=auto} only long runs that are read once go past the page cache. */
class ReadAutoIT {
  private static final int MIB = 1 << 20;

  private final Scratch scratch = Scratch.onDisk();
  private JvmResult status;

  @AfterEach
  void removeScratch() {
    scratch.close();
  }

  private Path files() throws IOException {
    Path data = scratch.newDirectory("data");
    Need.directWrites(data);
    for (String name : new String[] {"once", "twice", "random"}) {
      Path file = data.resolve(name);
      Files.write(file, ReadAutoApp.content());
      // On the disk, and out of the page cache.
      Need.command("dd", "of=" + file, "oflag=nocache", "conv=notrunc,fdatasync", "count=0");
    }
    return data;
  }

  /** Runs the application, and asks for its status while it is there. */
  private void run(AgentJvm jvm) {
    try (RunningJvm running = jvm.start()) {
      running.awaitOut("read\n");
      status = AgentJvm.ofAgentCommand("status", String.valueOf(running.pid())).run();
      running.send("");
      JvmResult result = running.await().expectExit(0);
      long sum = ReadAutoApp.checksum(ReadAutoApp.content());
      assertEquals("once " + sum + "\ntwice " + sum + "\ntwice " + sum + "\nread\n", result.out());
      assertEquals("", result.err());
    }
  }

  private static AgentJvm app(Path data) {
    AgentJvm app = AgentJvm.of(ReadAutoApp.class, data.toString());
    return (AgentJvm.javaFeature() >= 21 ? app.jvm("-XX:+EnableDynamicAgentLoading") : app)
        .agent("tag=" + data + "/**,read=auto");
  }

  /** Returns the sum of a field of a file's reads. */
  private static long bytes(Recorded recorded, String file, String field) {
    return recorded.events("Read").stream()
        .filter(event -> event.getString("path").endsWith("/" + file))
        .mapToLong((RecordedEvent event) -> event.getLong(field))
        .sum();
  }

  @Test
  void eventsAndStatusShowTheDecision() throws Exception {
    Path data = files();
    FlightRecording recording = new FlightRecording(scratch.directory());
    run(app(data).jvm(recording.jvmArguments()));
    Recorded recorded = recording.read();
    long all = ReadAutoApp.FILE_BYTES;
    for (String file : new String[] {"once", "twice"}) {
      long direct = bytes(recorded, file, "directBytes");
      assertTrue(direct >= all - 2 * MIB && direct < all, file + ": " + direct);
    }
    assertEquals(
        all, bytes(recorded, "once", "directBytes") + bytes(recorded, "once", "bufferedBytes"));
    assertEquals(
        2 * all,
        bytes(recorded, "twice", "directBytes") + bytes(recorded, "twice", "bufferedBytes"));
    assertEquals(0, bytes(recorded, "random", "directBytes"));
    assertEquals(500 * 4096, bytes(recorded, "random", "bufferedBytes"));
    assertEquals(0, recorded.count("BufferedFallback"), recorded.toString());
    String text = status.expectExit(0).out();
    assertTrue(text.contains(" read=auto "), text);
    assertTrue(text.contains("read=auto, steps of 4 MiB: 12 direct, "), text);
  }

  /** The JDK's own system calls make the cached reads then. */
  @Test
  void readsTheSameWithoutARecording() throws Exception {
    run(app(files()));
    String text = status.expectExit(0).out();
    assertTrue(text.contains("read=auto, steps of 4 MiB: 12 direct, "), text);
  }
}
