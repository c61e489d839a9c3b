package io.dioagent.agent.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.agent.apps.UnusualFilesApp;
import io.dioagent.agent.testing.AgentJvm;
import io.dioagent.agent.testing.JvmResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tagged paths that are no files, and files that change under their descriptor. */
class UnusualFilesIT {
  private static final Path SHARED_MEMORY = Path.of("/dev/shm");

  @TempDir Path directory;

  private Path tmpfs;

  @BeforeEach
  void makeTmpfsDirectory() throws IOException {
    tmpfs =
        Files.createTempDirectory(
            Files.isDirectory(SHARED_MEMORY) ? SHARED_MEMORY : directory, "dio-agent-it");
  }

  @AfterEach
  void removeTmpfsDirectory() throws IOException {
    try (Stream<Path> files = Files.walk(tmpfs)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }

  private JvmResult run(String agentOptions) throws Exception {
    Path root = Files.createTempDirectory(directory, "run");
    Path pipe = root.resolve("pipe");
    int made = new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor();
    assertEquals(0, made, "mkfifo");
    AgentJvm jvm =
        AgentJvm.of(UnusualFilesApp.class, root.toString(), pipe.toString(), tmpfs.toString());
    if (agentOptions != null) {
      jvm.agent(agentOptions);
    }
    return jvm.run().expectExit(0);
  }

  @Test
  void allGoAsWithoutTheAgent() throws Exception {
    String without = run(null).out();
    assertEquals(11, without.lines().count(), without);
    JvmResult with = run("tag=" + directory + "/**,tag=/dev/**");
    assertEquals(without, with.out(), with.toString());
    assertEquals("", with.err());
    JvmResult auto = run("write=auto,tag=" + directory + "/**,tag=" + tmpfs + "/**");
    assertEquals(without, auto.out(), auto.toString());
    assertEquals("", auto.err());
    JvmResult observed = run("mode=observe,tag=" + directory + "/**,tag=/dev/**");
    assertEquals(without, observed.out(), observed.toString());
  }

  @Test
  void filesLeftAloneAreRecordedWithTheReason() throws Exception {
    JvmResult result = run("log=info,tag=" + directory + "/**,tag=/dev/**");
    for (String reason :
        new String[] {
          "left alone: /dev/null is a character device", "/pipe is a pipe",
        }) {
      assertTrue(result.err().contains(reason), reason + " in " + result.err());
    }
  }
}
