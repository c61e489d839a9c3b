package io.dioagent.agent.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.agent.apps.HelloApp;
import io.dioagent.agent.testing.AgentJvm;
import io.dioagent.agent.testing.JvmResult;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Wrong options end the JVM before main with exactly one line; right ones print nothing. */
class OptionsIT {
  @TempDir Path directory;

  private static String refusal(AgentJvm jvm) {
    JvmResult result = jvm.run().expectExit(1);
    assertEquals("", result.out(), result.toString());
    assertEquals(1, result.errLines().size(), result.toString());
    String line = result.errLines().get(0);
    assertTrue(line.startsWith("[dio-agent] "), line);
    return line;
  }

  private static AgentJvm hello() {
    return AgentJvm.of(HelloApp.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tag=/data/**,deadlin=5s",
        "tag=/data/[a",
        "tag=data/**",
        "tag=/data/**,config=/does/not/exist",
        "tag=/data/**,deadline=5",
        "tag=/data/**,queue-depth=many",
        "tag=/data/**,max-io=1q",
        "tag=/data/**,fault=explode",
        "tag=/data/**,write=async",
        "mode=direct",
        "nonsense",
      })
  void wrongOptions(String options) {
    String line = refusal(hello().agent(options));
    assertTrue(line.contains("wrong option"), line);
    assertTrue(line.contains("expected"), line);
  }

  @Test
  void noOptionsAtAll() {
    assertTrue(refusal(hello().agent(null)).contains("there is no tag"));
  }

  @Test
  void wrongOnesFromPropertyAndEnvironment() {
    String line = refusal(hello().jvm("-Ddio.deadline=x").agent("tag=/data/**"));
    assertTrue(line.contains("deadline=x (system property dio.deadline): expected"), line);
    line = refusal(hello().environment("DIO_MAX_IO", "x").agent("tag=/data/**"));
    assertTrue(line.contains("max-io=x (environment variable DIO_MAX_IO): expected"), line);
  }

  @Test
  void anotherOperatingSystem() {
    String line = refusal(hello().jvm("-Dos.name=SunOS").agent("tag=/data/**"));
    assertEquals("[dio-agent] the operating system is SunOS, expected Linux", line);
  }

  @Test
  void anotherArchitecture() {
    String line = refusal(hello().jvm("-Dos.arch=riscv64").agent("tag=/data/**"));
    assertEquals("[dio-agent] the architecture is riscv64, expected amd64 or aarch64", line);
  }

  @Test
  void twoAgents() {
    String line = refusal(hello().agent("tag=/data/**").agent("tag=/data/**"));
    assertTrue(line.contains("already in this JVM"), line);
  }

  @Test
  void nowhereToLoadJnaFrom() {
    // /dev/shm, the second choice, may work; then this is a start like any other.
    JvmResult result = hello().jvm("-Djava.io.tmpdir=/proc").agent("tag=/data/**").run();
    assertTrue(
        result.exitCode() == 0 || result.errLines().get(0).contains("java.io.tmpdir"),
        result.toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "log=error,", "mode=observe,"})
  void rightOnesAreQuiet(String options) {
    JvmResult result = hello().agent(options + "tag=" + directory + "/**").run().expectExit(0);
    assertEquals("main ran\n", result.out());
    assertEquals("", result.err());
  }

  @Test
  void infoLogsTheOptionsInEffect() {
    JvmResult result =
        hello().writingByDefault().agent("log=info,tag=/data/**").run().expectExit(0);
    // Where the kernel allows AIO; elsewhere it says why it is another engine.
    assertTrue(
        result
            .err()
            .matches(
                "\\[dio-agent] on: tag=/data/\\*\\*,log=info; engine (aio|pwrite: .* says .*)\n"),
        result.err());
  }

  @Test
  void faultInjectionIsAlwaysAnnounced() {
    JvmResult result =
        hello().agent("log=error,tag=/data/**,fault=eio:rate=0.5").run().expectExit(0);
    assertEquals("main ran\n", result.out());
    assertEquals(1, result.errLines().size(), result.toString());
    assertTrue(result.err().contains("eio:rate=0.5"), result.err());
  }

  /** Nothing of the agent's may reach for java.util.logging before main, nor warn on new JDKs. */
  @Test
  void underTheStrictestFlags() {
    AgentJvm jvm = hello().agent("tag=/data/**").jvm("-Xcheck:jni", "-Xverify:all");
    if (AgentJvm.javaFeature() >= 24) {
      jvm.jvm("--illegal-native-access=deny", "--sun-misc-unsafe-memory-access=deny");
    }
    JvmResult result = jvm.run().expectExit(0);
    assertTrue(result.out().endsWith("main ran\n"), result.toString());
  }
}
