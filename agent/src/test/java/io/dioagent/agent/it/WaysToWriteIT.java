package io.dioagent.agent.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.agent.apps.WaysToWriteApp;
import io.dioagent.agent.contract.FlightRecording;
import io.dioagent.agent.contract.Recorded;
import io.dioagent.agent.contract.Scratch;
import io.dioagent.agent.contract.Strace;
import io.dioagent.agent.testing.AgentJvm;
import io.dioagent.agent.testing.JvmResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import jdk.jfr.consumer.RecordedEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every way to write passes the agent, and writes the right bytes. */
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
    "direct-buffer",
    "stream-arrays",
    "stream-bytes",
    "random-access-arrays",
    "random-access-values",
    "transfer-to",
    "transfer-from",
    "files-copy"
  };

  private static final int BYTES = 64 << 10;

  /** System calls that write to a descriptor, other than by AIO. */
  private static final String CALLS =
      "write,pwrite64,writev,pwritev,pwritev2,sendfile,copy_file_range,splice";

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
      // Files.copy has a descriptor of its own, which is not remembered.
      assertTrue(
          way.equals("files-copy") || result.err().contains(": " + path + ","),
          way + ": " + result);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "write=sync",
        "write=pipelined",
        "read=direct",
        "write=pipelined,read=direct",
        "write=auto",
        "mode=observe"
      })
  void allWritesAreRecorded(String options) throws IOException {
    try (Scratch scratch = Scratch.onDisk()) {
      Path tagged = Files.createDirectory(scratch.resolve("tagged"));
      FlightRecording recording = new FlightRecording(scratch.resolve("."));
      expectAllOk(
          AgentJvm.of(WaysToWriteApp.class, tagged.toString())
              .agent("tag=" + tagged + "/**," + options)
              .jvm(recording.jvmArguments())
              .run());
      Recorded recorded = recording.read();
      Map<String, Long> bytes = new TreeMap<>();
      for (RecordedEvent write : recorded.events("Write")) {
        String way = write.getString("path").replaceAll(".*/|\\.dat", "");
        bytes.merge(way, write.getLong("result"), Long::sum);
      }
      for (String way : WAYS) {
        boolean single = way.equals("stream-bytes") || way.equals("random-access-values");
        long written = bytes.getOrDefault(way, 0L);
        // Of values the JDKs write some byte by byte.
        assertTrue(written == BYTES || (single && written <= BYTES + 1), way + ": " + bytes);
      }
      assertEquals(0, recorded.count("LostCompletion"), recorded.toString());
      assertEquals(0, recorded.count("DuplicateCompletion"), recorded.toString());
    }
  }

  /** Nothing of a tagged file is written past the agent, but single bytes. */
  @Test
  void nothingGoesPastTheAgent() throws IOException {
    try (Scratch scratch = Scratch.onDisk()) {
      Path tagged = Files.createDirectory(scratch.resolve("tagged"));
      Path log = scratch.resolve("strace");
      expectAllOk(
          AgentJvm.of(WaysToWriteApp.class, tagged.toString())
              .agent("tag=" + tagged + "/**")
              .under(Strace.tracing(log, CALLS))
              .run());
      List<String> past =
          Files.readAllLines(log).stream()
              .filter(call -> call.contains("<" + tagged))
              .filter(call -> !call.endsWith(" = 0") && !call.contains("pwritev2("))
              .filter(call -> !(call.contains(" write(") && call.endsWith(" = 1")))
              .toList();
      assertEquals(List.of(), past);
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
    expectAllOk(redirected().jvm("-Xint").run());
    expectAllOk(redirected().compilingAtOnce().run());
  }

  private AgentJvm redirected() {
    return AgentJvm.of(WaysToWriteApp.class, directory.toString())
        .agent("tag=" + directory + "/**");
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
