package io.dioagent.agent.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.agent.apps.HelloApp;
import io.dioagent.agent.contract.Scratch;
import io.dioagent.agent.contract.Strace;
import io.dioagent.agent.testing.AgentJvm;
import io.dioagent.agent.testing.JvmResult;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The commands and messages that a user sees before anything is written. */
@Tag("host")
class ToolsIT {
  private final Scratch scratch = Scratch.onDisk();

  @AfterEach
  void close() {
    scratch.close();
  }

  /** A shell takes the script, and completes by it. */
  @Test
  void completionIsAScriptThatAShellTakes() throws Exception {
    String script = AgentJvm.ofAgentCommand("generate-completion").run().expectExit(0).out();
    Path file = Files.writeString(scratch.resolve("completion"), script);
    Process shell =
        new ProcessBuilder(
                "bash",
                "-c",
                "set -e; source \"$0\"; complete -p dio-agent; type -t dio-agent;"
                    + " COMP_WORDS=(dio-agent pro); COMP_CWORD=1; _dio_agent;"
                    + " echo \"${COMPREPLY[*]}\"",
                file.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, shell.waitFor(), said);
    assertTrue(said.endsWith("function\nprobe\n"), said);
  }

  @Test
  void probeSaysWhyADirectoryIsOfNoUse() {
    JvmResult result = AgentJvm.ofAgentCommand("probe", "/sys").run().expectExit(1);
    assertTrue(
        result
            .out()
            .matches("(?s).*\n/sys: not direct: Permission denied: expected a directory that .*"),
        result::toString);
  }

  @Test
  void aCommaInATagSaysHowItIsWritten() {
    JvmResult result = AgentJvm.of(HelloApp.class).agent("tag=/a,b/**").run().expectExit(1);
    assertEquals(
        "[dio-agent] wrong option \"b/**\" (agent options): expected key=value; a comma within a"
            + " value is written as \\,\n",
        result.err());
    AgentJvm.of(HelloApp.class).agent("tag=/a\\,b/**").run().expectExit(0);
  }

  /** From its first moment no other user can enter it. */
  @Test
  void theLibrarysDirectoryIsItsOwnersAlone() throws IOException {
    Path log = scratch.resolve("strace");
    AgentJvm.of(HelloApp.class)
        .agent("tag=/data/**")
        .under(Strace.tracing(log, "mkdir,mkdirat,?mkdir"))
        .run()
        .expectExit(0);
    List<String> made =
        Files.readAllLines(log).stream().filter(line -> line.contains("/dio-agent-")).toList();
    assertEquals(1, made.size(), made::toString);
    assertTrue(made.get(0).contains(", 0700)"), made::toString);
    assertFalse(made.get(0).contains("0777"));
  }
}
