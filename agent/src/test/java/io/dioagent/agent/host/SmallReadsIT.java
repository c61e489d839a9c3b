package io.dioagent.agent.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.agent.contract.FlightRecording;
import io.dioagent.agent.contract.Need;
import io.dioagent.agent.contract.Recorded;
import io.dioagent.agent.contract.Scratch;
import io.dioagent.agent.testing.AgentJvm;
import io.dioagent.agent.testing.JvmResult;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With {@code read=direct} a byte is no block: a number takes no read of a block per byte. */
@Tag("host")
class SmallReadsIT {
  private final Scratch scratch = Scratch.onDisk();

  @AfterEach
  void close() {
    scratch.close();
  }

  private Recorded read(String options) throws IOException {
    Path data = scratch.newDirectory("data");
    Need.directWrites(data);
    FlightRecording recording = new FlightRecording(scratch.directory());
    JvmResult result =
        AgentJvm.of(SmallReadsApp.class, data.resolve("f").toString())
            .agent("tag=" + data + "/**,read=direct" + options)
            .jvm(recording.jvmArguments())
            .run()
            .expectExit(0);
    System.out.println(options + ": " + String.join(", ", result.outLines()));
    assertTrue(result.out().endsWith("read\n"), result.toString());
    return recording.read();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ",write=pipelined", ",write=auto"})
  void numbersAreReadThroughThePageCache(String options) throws IOException {
    Recorded recorded = read(options);
    assertEquals(0, recorded.count("Read"), recorded.toString());
    long recordedFiles =
        recorded.events("BufferedFallback").stream()
            .filter(event -> event.getString("reason").startsWith("reads: those of a stream below"))
            .count();
    assertEquals(2, recordedFiles, "once for each opening of the file: " + recorded);
  }

  /** Whoever forbids the page cache gets what is asked for, at its price. */
  @Test
  void fallbackForbiddenReadsBlocks() throws IOException {
    Recorded recorded = read(",fallback=forbid");
    assertTrue(recorded.count("Read") > 600, recorded.toString());
    assertEquals(0, recorded.count("BufferedFallback"), recorded.toString());
  }
}
