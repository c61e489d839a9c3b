package io.dioagent.samples.seeds;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Tests that {@code samples/run.sh} rejects wrong arguments before it builds or runs anything. */
class RunScriptTest {

  private static void assertRejected(String why, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("./run.sh"));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try {
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertTrue(process.waitFor(60, TimeUnit.SECONDS), output);
      assertEquals(2, process.exitValue(), output);
      List<String> lines = output.lines().toList();
      assertEquals("run.sh: " + why, lines.get(0));
      assertEquals("usage: samples/run.sh all|NAME...", lines.get(1));
      for (Catalogue.Entry entry : Catalogue.entries()) {
        assertEquals(
            1,
            lines.stream()
                .filter(line -> line.startsWith("  " + entry.name() + " "))
                .filter(line -> line.endsWith(entry.about()))
                .count(),
            output);
      }
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void noName() throws Exception {
    assertRejected("which sample?");
  }

  @Test
  void anUnknownName() throws Exception {
    assertRejected("'lost' is none of the samples", "lost");
    assertRejected("'lost.error' is none of the samples", "stale-page", "lost.error");
    assertRejected("'' is none of the samples", "");
    assertRejected("'--help' is none of the samples", "--help");
  }

  @Test
  void allBesideANameIsNoName() throws Exception {
    assertRejected("'all' is none of the samples", "all", "stale-page");
  }
}
