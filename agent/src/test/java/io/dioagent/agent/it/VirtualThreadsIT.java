package io.dioagent.agent.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.dioagent.agent.apps.VirtualThreadsApp;
import io.dioagent.agent.testing.AgentJvm;
import io.dioagent.agent.testing.JvmResult;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The JDK keeps I/O buffers per carrier thread; the agent waits without giving the carrier up. */
class VirtualThreadsIT {
  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"", ",write=auto"})
  void gatheredWritesOfManyVirtualThreads(String settings) {
    Assumptions.assumeTrue(
        AgentJvm.javaFeature() >= 21, "virtual threads need JDK 21: " + AgentJvm.javaFeature());
    JvmResult result =
        AgentJvm.of(VirtualThreadsApp.class, directory.toString(), "300")
            .agent("tag=" + directory + "/**" + settings)
            .run()
            .expectExit(0);
    assertEquals("all there\n", result.out());
    assertEquals("", result.err());
  }
}
