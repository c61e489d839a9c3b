package io.dioagent.agent.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.dioagent.agent.contract.Command;
import io.dioagent.agent.contract.Need;
import io.dioagent.agent.testing.AgentJvm;
import io.dioagent.agent.testing.JvmResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The script of {@code generate-completion}, in the shells that it is made for. */
class CompletionIT {
  private static final String COMMANDS =
      "help version probe attach status detach report generate-completion";

  /** Types a line into an interactive shell, with the tabulator after it, and prints its screen. */
  private static final String ZSH =
      """
      zmodload zsh/zpty
      zpty shell zsh -fi
      zpty -w shell "PS1='> '; bindkey '^I' complete-word; setopt nolistbeep; source '$1'"
      zpty -w shell 'print rea""dy'
      zpty -r shell out '*ready*'
      zpty -w -n shell "$2"$'\\t'
      zpty -r shell out "*$3*"
      print -r -- "found"
      zpty -d shell
      """;

  @TempDir Path directory;
  private Path script;

  @BeforeEach
  void generate() throws IOException {
    script = directory.resolve("completion");
    Files.writeString(
        script, AgentJvm.ofAgentCommand("generate-completion").run().expectExit(0).out());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'';|" + COMMANDS + " --help --version",
        "s;|status",
        "status;--|--help --interval --json --watch",
        "help;det|detach",
        "probe;--j|--json",
      })
  void inBash(String typed, String expected) {
    Need.command("bash", "--version");
    String[] words = typed.replace("''", "").split(";", -1);
    boolean second = words[1].length() > 0 || typed.endsWith("--");
    String line = "dio-agent '" + words[0] + "'" + (second ? " '" + words[1] + "'" : "");
    String code =
        "set -u; source "
            + script
            + "; COMP_WORDS=("
            + line
            + "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _dio_agent; echo \"${COMPREPLY[@]}\"";
    JvmResult result = Command.run("bash", "-c", code);
    assertEquals(0, result.exitCode(), result::toString);
    assertEquals(expected + "\n", result.out(), result::toString);
  }

  @ParameterizedTest
  @CsvSource({"dio-agent sta,status", "dio-agent status --wa,--watch", "dio-agent help det,detach"})
  void inZsh(String typed, String expected) throws IOException {
    Need.command("zsh", "-c", "zmodload zsh/zpty");
    Path code = Files.writeString(directory.resolve("type.zsh"), ZSH);
    JvmResult result =
        Command.run(
            "timeout", "60", "zsh", "-f", code.toString(), script.toString(), typed, expected);
    assertEquals("found\n", result.out(), result::toString);
  }

  /** The function that the script defines. */
  @Test
  void runsTheJar() {
    for (String shell : new String[] {"bash", "zsh"}) {
      Need.command(shell, "--version");
      String java = AgentJvm.javaExecutable().toAbsolutePath().getParent().toString();
      String code = "PATH=" + java + ":$PATH; source " + script + " && dio-agent version";
      JvmResult result = Command.run(shell, "-c", code);
      assertEquals(0, result.exitCode(), result::toString);
      assertEquals(AgentJvm.ofAgentCommand("version").run().out(), result.out());
    }
  }
}
