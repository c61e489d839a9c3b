package io.dioagent.agent.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.dioagent.agent.apps.DescriptorReuseApp;
import io.dioagent.agent.testing.AgentJvm;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Descriptors are opened and closed, and their numbers are reused. */
class DescriptorsIT {
  @TempDir Path directory;

  /** Streams that were dropped instead of closed give back the agent's descriptors, too. */
  @Test
  void droppedStreamsLeaveNothing() throws InterruptedException {
    try (Commanded app = Commanded.start("tag=" + directory + "/**")) {
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
  @Test
  void noWriteGoesIntoAnotherFile() {
    AgentJvm.of(DescriptorReuseApp.class, directory.toString(), "8", "400")
        .agent("tag=" + directory + "/tagged-*")
        .timeout(Duration.ofMinutes(3))
        .run()
        .expectExit(0);
  }
}
