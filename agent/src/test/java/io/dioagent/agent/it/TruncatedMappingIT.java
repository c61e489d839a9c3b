package io.dioagent.agent.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.dioagent.agent.apps.TruncatedMappingApp;
import io.dioagent.agent.testing.AgentJvm;
import io.dioagent.agent.testing.JvmResult;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Reading an application's buffer may fault: that is the application's error, not the JVM's end.
 */
class TruncatedMappingIT {
  @TempDir Path directory;

  private JvmResult run(String name, boolean agent) {
    AgentJvm jvm =
        AgentJvm.of(
            TruncatedMappingApp.class,
            directory.resolve("source-" + name).toString(),
            directory.resolve("tagged-" + name).toString());
    if (agent) {
      jvm.agent("tag=" + directory + "/tagged-*");
    }
    return jvm.run().expectExit(0);
  }

  @Test
  void endsAsWithoutTheAgent() {
    JvmResult without = run("without", false);
    JvmResult with = run("with", true);
    assertEquals(without.out(), with.out(), with.toString());
    assertEquals("", with.err());
  }
}
