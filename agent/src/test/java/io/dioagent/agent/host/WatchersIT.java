package io.dioagent.agent.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.agent.apps.CommandedApp;
import io.dioagent.agent.apps.InotifyApp;
import io.dioagent.agent.contract.Need;
import io.dioagent.agent.testing.AgentJvm;
import io.dioagent.agent.testing.JvmResult;
import io.dioagent.agent.testing.RunningJvm;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Other processes that watch a file are notified of its writes, and of its close after them. */
@Tag("host")
class WatchersIT {
  private static final Path TAIL = Path.of("/usr/bin/tail");
  private static final int LINES = 20;
  private static final int LINE_BYTES = 4096;
  private static final int LONGEST_SECONDS = Integer.getInteger("dio.test.tail.seconds", 60);

  @TempDir Path directory;

  private RunningJvm start(Path real, String settings) {
    RunningJvm jvm =
        AgentJvm.of(CommandedApp.class).agent("tag=" + real + "/**" + settings).start();
    jvm.awaitOut("ready\n");
    return jvm;
  }

  private static void run(RunningJvm jvm, int number, String command, String answer) {
    jvm.send(command);
    assertEquals(answer, jvm.awaitLine("#" + number + " "));
  }

  /** Each line is there before the next one is written. */
  @ParameterizedTest
  @ValueSource(strings = {"", ",write=pipelined", ",write=auto"})
  void tailFollows(String settings) throws Exception {
    Need.that(Files.isExecutable(TAIL), "no " + TAIL);
    Path real = directory.toRealPath();
    Path file = Files.createFile(real.resolve("log"));
    Process tail = new ProcessBuilder(TAIL.toString(), "-f", file.toString()).start();
    try (RunningJvm writer = start(real, settings);
        BufferedReader lines =
            new BufferedReader(
                new InputStreamReader(tail.getInputStream(), StandardCharsets.US_ASCII))) {
      run(writer, 1, "open a " + file, "ok");
      int seen = 0;
      for (int i = 0; i < LINES; i++) {
        run(writer, 2 + i, "line a " + i * LINE_BYTES + " " + LINE_BYTES, LINE_BYTES + "");
        CompletableFuture<String> next = CompletableFuture.supplyAsync(() -> read(lines));
        assertEquals(LINE_BYTES - 1, next.get(LONGEST_SECONDS, TimeUnit.SECONDS).length());
        seen++;
      }
      assertEquals(LINES, seen);
    } finally {
      tail.destroyForcibly().waitFor();
    }
  }

  private static String read(BufferedReader lines) {
    try {
      return lines.readLine();
    } catch (IOException e) {
      return "";
    }
  }

  /** As the kernel reports it: the application's close is the last event. */
  @ParameterizedTest
  @ValueSource(strings = {"", ",write=pipelined", ",write=auto"})
  void modifiedBeforeClosed(String settings) throws Exception {
    Path real = directory.toRealPath();
    AgentJvm watching =
        AgentJvm.of(InotifyApp.class, real.toString())
            .jvm(
                "--add-opens=java.base/sun.nio.fs=ALL-UNNAMED",
                "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED");
    try (RunningJvm watcher = watching.start();
        RunningJvm writer = start(real, settings)) {
      watcher.awaitOut("watching\n");
      for (int i = 0; i < 3; i++) {
        Path file = real.resolve("f" + i);
        run(writer, 1 + 3 * i, "open a " + file, "ok");
        run(writer, 2 + 3 * i, "write a " + LINE_BYTES * (1 + i), LINE_BYTES * (1 + i) + "");
        run(writer, 3 + 3 * i, "close a", "ok");
      }
      TimeUnit.MILLISECONDS.sleep(200); // The wait for events that must not come.
      Files.createFile(real.resolve("end"));
      JvmResult seen = watcher.await().expectExit(0);
      for (int i = 0; i < 3; i++) {
        String prefix = "f" + i + " ";
        List<String> events =
            seen.outLines().stream()
                .filter(line -> line.startsWith(prefix))
                .map(line -> line.substring(prefix.length()))
                // A descriptor for reading follows writes of auto, and outlives the application's.
                .filter(event -> !(settings.contains("auto") && event.equals("CLOSE_NOWRITE")))
                .toList();
        assertTrue(events.contains("MODIFY"), seen.toString());
        assertTrue(events.lastIndexOf("MODIFY") < events.indexOf("CLOSE_WRITE"), seen.toString());
        assertEquals("CLOSE_WRITE", events.get(events.size() - 1), seen.toString());
        assertFalse(events.contains("ATTRIB"), seen.toString());
      }
    }
  }
}
