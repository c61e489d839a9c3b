package io.dioagent.agent.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.dioagent.agent.testing.AgentJvm;
import io.dioagent.agent.testing.JvmResult;
import java.io.BufferedReader;
import java.io.FileReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code java -jar dio-agent.jar}; attach has a test of its own. */
class CommandLineIT {
  private static final List<String> VERBS =
      List.of("help", "version", "probe", "attach", "status", "detach", "report");

  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({"help", "''"})
  void help(String argument) {
    AgentJvm jvm =
        argument.isEmpty() ? AgentJvm.ofAgentCommand() : AgentJvm.ofAgentCommand(argument);
    JvmResult result = jvm.run().expectExit(0);
    assertTrue(result.out().startsWith("dio-agent 0."), result.out());
    assertTrue(result.out().contains("usage: java -jar dio-agent.jar COMMAND"), result.out());
    for (String verb : VERBS) {
      assertTrue(result.out().contains("\n  " + verb + " "), result.out());
    }
    assertEquals("", result.err());
  }

  @Test
  void helpOfACommand() {
    JvmResult result = AgentJvm.ofAgentCommand("help", "probe").run().expectExit(0);
    assertTrue(result.out().startsWith("usage: java -jar dio-agent.jar probe "), result.out());
    assertTrue(result.out().contains("--json"), result.out());
  }

  @ParameterizedTest
  @CsvSource({
    "-h,help",
    "--help,probe",
    "-h,attach",
    "--help,status",
    "-h,detach",
    "--help,report",
    "-h,version",
    "--help,generate-completion"
  })
  void helpOptionOfEachCommand(String option, String verb) {
    JvmResult result = AgentJvm.ofAgentCommand(verb, option).run().expectExit(0);
    assertTrue(result.out().contains("usage: java -jar dio-agent.jar " + verb), result.out());
    assertEquals("", result.err());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "bogus|there is no command 'bogus', expected help, version, probe, |help'",
        "--bogus|there is no option '--bogus', expected --help, --version|help'",
        "probe|no PATH, expected a file or a directory|help probe'",
        "attach|no JVM, expected a running JVM: its process id, its main class|help attach'",
        "attach x|no JVM runs 'x', expected a process id, or the main class|help attach'",
        "attach 1 a b|too many arguments from 'b' on, expected at most JVM and|help attach'",
        "status --interval x 1|wrong value 'x' of --interval, expected SECONDS|help status'",
        "status --interval 0 1|wrong value 0 of --interval, expected a number|help status'",
        "report -o|--output has no value, expected FILE.html|help report'",
        "version 1|too many arguments from '1' on, expected none|help version'",
        "help me|Unknown subcommand 'me'|help'",
      })
  void wrongUseNamesWhatIsExpected(String arguments, String begin, String end) {
    JvmResult result = AgentJvm.ofAgentCommand(arguments.split(" ")).run().expectExit(2);
    String line = result.errLines().get(0);
    assertTrue(line.startsWith("[dio-agent] " + begin), result::toString);
    assertTrue(line.endsWith("; see 'java -jar dio-agent.jar " + end), result::toString);
    assertEquals(2, result.errLines().size(), result::toString);
  }

  @Test
  void completion() {
    JvmResult result = AgentJvm.ofAgentCommand("generate-completion").run().expectExit(0);
    assertTrue(result.out().startsWith("#!/usr/bin/env bash"), result.out());
    for (String verb : VERBS) {
      assertTrue(result.out().contains(verb), result.out());
    }
  }

  @Test
  void version() {
    JvmResult result = AgentJvm.ofAgentCommand("version").run().expectExit(0);
    assertTrue(result.out().matches("dio-agent \\d+\\.\\d+\\.\\d+\\S*\n"), result.out());
    assertEquals(result.out(), AgentJvm.ofAgentCommand("--version").run().expectExit(0).out());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "bogus|COMMAND",
        "--bogus|COMMAND",
        "version 1|version",
        "help me|COMMAND",
        "probe|probe",
        "attach|attach",
        "attach x|attach",
        "attach 1 a b|attach",
        "detach|detach",
        "detach x|detach",
        "detach 1 y|detach",
        "report|report",
      })
  void wrongUse(String arguments, String usage) {
    JvmResult result = AgentJvm.ofAgentCommand(arguments.split(" ")).run().expectExit(2);
    assertEquals("", result.out());
    List<String> lines = result.errLines();
    assertEquals(2, lines.size(), result::toString);
    assertTrue(lines.get(0).startsWith("[dio-agent] "), result::toString);
    assertTrue(
        lines.get(1).startsWith("usage: java -jar dio-agent.jar " + usage), result::toString);
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
  void probeAsJson() throws IOException {
    JvmResult result =
        AgentJvm.ofAgentCommand("probe", "--json", directory.toString(), "/dev/null")
            .run()
            .expectExit(1);
    JsonObject json = JsonParser.parseString(result.out()).getAsJsonObject();
    JsonObject machine = json.getAsJsonObject("machine");
    try (BufferedReader limit =
        new BufferedReader(new FileReader("/proc/sys/fs/aio-max-nr", UTF_8))) {
      assertEquals(limit.readLine(), machine.get("aioMax").getAsString());
    }
    assertTrue(machine.get("aioInUse").getAsLong() >= 0, result::toString);
    assertTrue(machine.get("engine").getAsString().matches("aio|pwrite"), result::toString);
    JsonObject here = json.getAsJsonArray("paths").get(0).getAsJsonObject();
    assertEquals(directory.toString(), here.get("path").getAsString());
    assertFalse(here.get("fileSystem").getAsString().isEmpty());
    assertTrue(here.get("uncachedBuffered").isJsonPrimitive(), result::toString);
    JsonObject none = json.getAsJsonArray("paths").get(1).getAsJsonObject();
    assertFalse(none.get("direct").getAsBoolean());
    assertTrue(none.get("uncachedBuffered").isJsonNull(), result::toString);
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
