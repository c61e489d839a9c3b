package io.dioagent.samples.seeds;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.samples.TargetDirectory;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs the samples' runner as a process: checks its output, its exit code, and the files it leaves.
 */
class SeedsIT {
  @TempDir(factory = TargetDirectory.class)
  Path results;

  private Process start(String... names) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.add(Seeds.class.getName());
    command.add(results.toString());
    command.addAll(List.of(names));
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  private List<String> left() throws IOException {
    try (Stream<Path> files = Files.list(results)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void runsTheNamedSampleAndLeavesTheRecordings() throws Exception {
    Process process = start("event-after-cancel");
    try {
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertTrue(process.waitFor(60, TimeUnit.SECONDS), output);
      assertEquals(0, process.exitValue(), output);
      assertTrue(output.startsWith("== event-after-cancel (seed 002): "), output);
      assertTrue(
          output.contains(
              "\nevent-after-cancel: broken: cancelled in flight, answered 2 times,"
                  + " 1 DuplicateCompletion / fixed: cancelled in flight, answered 1 times,"
                  + " 0 DuplicateCompletion\n"),
          output);
      assertTrue(output.contains("\n    " + results.resolve("event-after-cancel-broken.jfr")));
      // The fields that all requests have come last.
      assertTrue(
          output.matches("(?s).*\n    DuplicateCompletion [^\n]* requestId=1 path=.*"), output);
      assertTrue(output.endsWith("\nsamples: 1 of 1 as expected\n"), output);
      assertEquals(
          List.of("event-after-cancel-broken.jfr", "event-after-cancel-fixed.jfr"), left());
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void anUnknownName() throws Exception {
    Process process = start("lost");
    try {
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertTrue(process.waitFor(60, TimeUnit.SECONDS), output);
      assertEquals(2, process.exitValue(), output);
      assertTrue(output.contains("usage: Seeds "), output);
      assertEquals(List.of(), left());
    } finally {
      process.destroyForcibly();
    }
  }

  /** Ends it by a signal, as with Ctrl-C, while the broken writer of lost-error hangs. */
  @Test
  void interruptedItLeavesNothing() throws Exception {
    Process process = start("lost-error");
    List<ProcessHandle> all = new ArrayList<>(List.of(process.toHandle()));
    try (BufferedReader output =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      assertTrue(output.readLine().startsWith("== lost-error"));
      // The sample's JVM, with its file.
      while (process.children().findAny().isEmpty()) {
        assertTrue(process.isAlive());
        Thread.sleep(5);
      }
      all.addAll(process.children().toList());
      assertFalse(left().isEmpty(), "a directory for the sample's files");
      // Not by Process.destroy(), which closes its output, too.
      assertTrue(process.toHandle().destroy());
      while (output.readLine() != null) {
        // until it has ended
      }
      assertTrue(process.waitFor(60, TimeUnit.SECONDS));
      for (ProcessHandle one : all) {
        one.onExit().get(60, TimeUnit.SECONDS);
      }
      assertEquals(List.of(), left());
    } finally {
      all.forEach(ProcessHandle::destroyForcibly);
    }
  }
}
