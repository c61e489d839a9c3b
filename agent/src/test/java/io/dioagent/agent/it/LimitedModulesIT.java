package io.dioagent.agent.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.agent.apps.WaysToWriteApp;
import io.dioagent.agent.testing.AgentJvm;
import io.dioagent.agent.testing.JvmResult;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A JVM without jdk.jfr, java.logging and the rest: the agent works, and logs that it records no
 * events.
 */
class LimitedModulesIT {
  @TempDir Path directory;

  @Test
  void worksWithoutEvents() {
    JvmResult result =
        AgentJvm.of(WaysToWriteApp.class, directory.toString())
            .agent("tag=" + directory + "/**")
            .jvm("--limit-modules", "java.base,java.instrument")
            .run()
            .expectExit(0);
    assertEquals(17, result.outLines().size(), result.toString());
    assertEquals(1, result.errLines().size(), result.toString());
    assertTrue(result.err().contains("without the module jdk.jfr"), result.err());
  }
}
