package io.dioagent.agent.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.agent.apps.WaysToWriteApp;
import io.dioagent.agent.testing.AgentJvm;
import io.dioagent.agent.testing.JvmResult;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every way to write through a channel comes by the agent, and writes what was asked for. */
class WaysToWriteIT {
  private static final String[] WAYS = {
    "open",
    "positional",
    "gather",
    "append",
    "files-write",
    "files-stream",
    "random-access-file",
    "file-output-stream",
    "asynchronous",
    "direct-buffer"
  };

  @TempDir Path directory;

  private static void expectAllOk(JvmResult result) {
    result.expectExit(0);
    StringBuilder expected = new StringBuilder();
    for (String way : WAYS) {
      expected.append(way).append(" ok\n");
    }
    assertEquals(expected.toString(), result.out(), result.toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"direct", "observe"})
  void allOfThemAreTagged(String mode) {
    JvmResult result =
        AgentJvm.of(WaysToWriteApp.class, directory.toString())
            .agent("log=debug,mode=" + mode + ",tag=" + directory + "/**")
            .run();
    expectAllOk(result);
    for (String way : WAYS) {
      String path = directory.resolve(way + ".dat").toString();
      assertTrue(result.err().contains(": " + path + ","), result.toString());
    }
  }

  /** The same on classes that the JVM verifies, and with its compilers' own checks. */
  @Test
  void wovenClassesVerify() {
    expectAllOk(
        AgentJvm.of(WaysToWriteApp.class, directory.toString())
            .agent("tag=" + directory + "/**")
            .jvm("-XX:+UnlockDiagnosticVMOptions", "-XX:+BytecodeVerificationLocal")
            .run());
  }

  @Test
  void interpretedAndCompiledAtOnce() {
    for (String flag : new String[] {"-Xint", "-Xcomp"}) {
      expectAllOk(
          AgentJvm.of(WaysToWriteApp.class, directory.toString())
              .agent("tag=" + directory + "/**")
              .jvm(flag)
              .run());
    }
  }

  @Test
  void excludedAndOtherFilesAreLeftAlone() {
    JvmResult result =
        AgentJvm.of(WaysToWriteApp.class, directory.toString())
            .agent("log=debug,exclude=" + directory + "/files-*,tag=" + directory + "/{files-*,g*}")
            .run();
    expectAllOk(result);
    Map<String, Boolean> tagged = new TreeMap<>();
    for (String way : WAYS) {
      String path = directory.resolve(way + ".dat").toString();
      if (result.err().contains("tagged by") && result.err().contains(": " + path + ",")) {
        tagged.put(way, true);
      }
    }
    assertEquals(Map.of("gather", true), tagged, result.toString());
    assertTrue(result.err().contains("files-write.dat: excluded by"), result.toString());
  }
}
