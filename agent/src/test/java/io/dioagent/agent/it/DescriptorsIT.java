package io.dioagent.agent.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.dioagent.agent.apps.DescriptorReuseApp;
import io.dioagent.agent.testing.AgentJvm;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Descriptors are opened and closed, and their numbers are reused. */
class DescriptorsIT {
  @TempDir Path directory;

  /** Streams that were dropped instead of closed give back the agent's descriptors, too. */
  @ParameterizedTest
  @ValueSource(strings = {"", ",write=auto"})
  void droppedStreamsLeaveNothing(String settings) throws InterruptedException {
    try (Commanded app = Commanded.start("tag=" + directory + "/**" + settings)) {
      for (int i = 0; i < 20; i++) {
        assertEquals("ok", app.run("stream s " + directory.resolve("s" + i)));
        assertEquals("8192", app.run("write s 8192"));
        assertEquals("ok", app.run("drop s"));
      }
      String left = "";
      for (int attempts = 0; attempts < 100 && !left.equals("0"); attempts++) {
        assertEquals("ok", app.run("gc"));
        Thread.sleep(50);
        left = app.run("descriptors " + directory);
      }
      assertEquals("0", left);
    }
  }

  /** Tagged and other files in turns under the same few numbers, by many threads. */
  @ParameterizedTest
  @CsvSource({"400, ''", "200, ',write=auto'"})
  void noWriteGoesIntoAnotherFile(String rounds, String settings) {
    AgentJvm.of(DescriptorReuseApp.class, directory.toString(), "8", rounds)
        .agent("tag=" + directory + "/tagged-*" + settings)
        .timeout(Duration.ofMinutes(3))
        .run()
        .expectExit(0);
  }
}
