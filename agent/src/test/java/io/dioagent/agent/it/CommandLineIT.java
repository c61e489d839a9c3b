package io.dioagent.agent.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.agent.testing.AgentJvm;
import io.dioagent.agent.testing.JvmResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code java -jar dio-agent.jar}; attach has a test of its own. */
class CommandLineIT {
  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({"help", "--help", "''"})
  void help(String argument) {
    AgentJvm jvm =
        argument.isEmpty() ? AgentJvm.ofAgentCommand() : AgentJvm.ofAgentCommand(argument);
    JvmResult result = jvm.run().expectExit(0);
    assertTrue(result.out().startsWith("dio-agent 0."), result.out());
    for (String verb : new String[] {"help", "version", "probe PATH...", "attach PID"}) {
      assertTrue(result.out().contains("java -jar dio-agent.jar " + verb), result.out());
    }
    assertEquals("", result.err());
  }

  @Test
  void version() {
    JvmResult result = AgentJvm.ofAgentCommand("version").run().expectExit(0);
    assertTrue(result.out().matches("dio-agent \\d+\\.\\d+\\.\\d+\\S*\n"), result.out());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "bogus|help|version|probe|attach",
        "version 1|version",
        "help me|help",
        "probe|probe PATH...",
        "attach|attach PID [OPTIONS]",
        "attach x|attach PID [OPTIONS]",
        "attach 1 a b|attach PID [OPTIONS]",
      })
  void wrongUse(String arguments, String usage) {
    JvmResult result = AgentJvm.ofAgentCommand(arguments.split(" ")).run().expectExit(2);
    assertEquals("", result.out());
    assertTrue(result.err().startsWith("usage: java -jar dio-agent.jar " + usage), result.err());
    assertEquals(1, result.errLines().size());
  }

  @Test
  void probeOfAFileAndADirectoryLeavesThemAsTheyWere() throws IOException {
    Path file = Files.write(directory.resolve("file"), new byte[100]);
    JvmResult result =
        AgentJvm.ofAgentCommand("probe", file.toString(), directory.toString()).run();
    assertTrue(result.out().startsWith("this machine: engine "), result.toString());
    assertTrue(result.out().contains(file + ": "), result.toString());
    assertTrue(result.out().contains(directory + ": "), result.toString());
    assertEquals("", result.err());
    assertEquals(100, Files.size(file));
    try (Stream<Path> left = Files.list(directory)) {
      assertEquals(1, left.count());
    }
  }

  @Test
  void probeSaysWhyNot() {
    JvmResult result =
        AgentJvm.ofAgentCommand("probe", "/dev/null", "/does/not/exist").run().expectExit(1);
    assertTrue(result.out().contains("/dev/null: not direct: "), result.toString());
    assertTrue(result.out().contains("character device"), result.toString());
    assertTrue(result.out().contains("/does/not/exist: not direct: "), result.toString());
  }
}
