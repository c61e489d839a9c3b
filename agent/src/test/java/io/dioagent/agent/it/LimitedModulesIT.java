package io.dioagent.agent.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.agent.apps.HelloApp;
import io.dioagent.agent.apps.WaysToWriteApp;
import io.dioagent.agent.contract.Need;
import io.dioagent.agent.testing.AgentJvm;
import io.dioagent.agent.testing.JvmResult;
import java.io.IOException;
import java.nio.file.Path;
import jdk.jfr.Recording;
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

  @Test
  void jfrIsOff() {
    JvmResult result =
        AgentJvm.of(WaysToWriteApp.class, directory.toString())
            .agent("tag=" + directory + "/**")
            .jvm("-XX:-FlightRecorder")
            .run()
            .expectExit(0);
    assertTrue(
        result.err().contains("[dio-agent] no JFR events: JFR is off in this JVM (-XX:-Flight"),
        result::toString);
  }

  @Test
  void reportNamesTheMissingModule() throws IOException {
    Path file = directory.resolve("r.jfr");
    try (Recording recording = new Recording()) {
      recording.start();
      recording.dump(file);
    }
    JvmResult result =
        AgentJvm.ofAgentCommand("report", file.toString())
            .jvm("--limit-modules", "java.base,java.instrument")
            .run()
            .expectExit(1);
    assertEquals(1, result.errLines().size(), result::toString);
    assertTrue(
        result.err().startsWith("[dio-agent] this Java runtime has no module java.logging, expec"),
        result::toString);
  }

  @Test
  void noDirectoryAllowsPrograms() {
    Need.command("unshare", "-m", "true");
    String mount = "mount -t tmpfs -o noexec none ";
    String script = mount + directory + " && " + mount + "/dev/shm && exec \"$@\"";
    JvmResult result =
        AgentJvm.of(HelloApp.class)
            .under("unshare", "-m", "sh", "-c", script, "sh")
            .jvm("-Djava.io.tmpdir=" + directory)
            .agent("tag=/data/**")
            .run()
            .expectExit(1);
    assertEquals(1, result.errLines().size(), result::toString);
    assertTrue(
        result.err().contains(directory + " is mounted noexec; /dev/shm is mounted noexec"),
        result::toString);
  }
}
