package io.dioagent.agent.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.dioagent.agent.apps.RecordingApp;
import io.dioagent.agent.testing.AgentJvm;
import io.dioagent.agent.testing.JvmResult;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * JFR and the agent both change the JDK's classes (JFR on JDK 17: FileChannelImpl, when the first
 * recording starts and when the last one stops), in either order, and neither loses an event.
 */
class RecordingIT {
  private static final int RECORDINGS = 5;
  private static final int WRITES = 20;

  @TempDir Path directory;

  private AgentJvm application() {
    return AgentJvm.of(
            RecordingApp.class,
            directory.resolve("x.dat").toString(),
            String.valueOf(RECORDINGS),
            String.valueOf(WRITES))
        .agent("tag=" + directory + "/**");
  }

  private static void expectAllEvents(JvmResult result) {
    result.expectExit(0);
    assertEquals("", result.err());
    StringBuilder expected = new StringBuilder();
    for (int i = 0; i < RECORDINGS; i++) {
      expected.append("{io.dioagent.Write=" + WRITES + ", jdk.FileWrite=" + WRITES + "}\n");
    }
    int writes = WRITES * (2 * RECORDINGS + 1);
    assertEquals(expected + String.valueOf(writes * 8192) + " bytes\n", result.out());
  }

  @Test
  void agentFirst() {
    expectAllEvents(application().run());
  }

  @Test
  void recordingFirst() {
    JvmResult result =
        application()
            .jvm(
                "-XX:StartFlightRecording=filename=" + directory.resolve("all.jfr"),
                "-Xlog:jfr+startup=error")
            .run();
    expectAllEvents(result);
  }
}
