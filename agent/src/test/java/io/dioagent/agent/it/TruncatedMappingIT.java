package io.dioagent.agent.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.dioagent.agent.apps.TruncatedMappingApp;
import io.dioagent.agent.testing.AgentJvm;
import io.dioagent.agent.testing.JvmResult;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A fault while the agent reads an application's buffer is the application's error, not the JVM's
 * end.
 */
class TruncatedMappingIT {
  @TempDir Path directory;

  private JvmResult run(String name, String jvmOption, Optional<String> agentOptions) {
    AgentJvm jvm =
        AgentJvm.of(
            TruncatedMappingApp.class,
            directory.resolve("source-" + name).toString(),
            directory.resolve("tagged-" + name).toString());
    if (jvmOption.equals("-Xcomp")) {
      jvm.compilingAtOnce();
    } else {
      jvm.jvm(jvmOption);
    }
    agentOptions.ifPresent(more -> jvm.agent("tag=" + directory + "/tagged-*" + more));
    return jvm.run().expectExit(0);
  }

  /**
   * The interpreter and compilers raise a fault at different times; it is raised before a byte is
   * used.
   */
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      textBlock =
          """
          -Xmixed, ""
          -Xint, ""
          -Xint, ",write=pipelined"
          -Xmixed, ",write=auto"
          -Xint, ",engine=pwrite"
          -Xcomp, ""
          -Xcomp, ",write=pipelined"
          -XX:TieredStopAtLevel=1, ",on-lost=report"
          """)
  void endsAsWithoutTheAgent(String jvmOption, String agentOptions) {
    JvmResult without = run("without", jvmOption, Optional.empty());
    JvmResult with = run("with", jvmOption, Optional.of(agentOptions));
    assertEquals(without.out(), with.out(), with.toString());
    assertEquals("", with.err());
  }
}
