package io.dioagent.agent.host;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.dioagent.agent.contract.FlightRecording;
import io.dioagent.agent.contract.Need;
import io.dioagent.agent.contract.Recorded;
import io.dioagent.agent.contract.Scratch;
import io.dioagent.agent.testing.AgentJvm;
import io.dioagent.agent.testing.JvmResult;
import io.dioagent.agent.testing.RunningJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The process is stopped for longer than its deadline while writes and reads of all kinds are in
 * flight: no request is counted as lost, none fails, and every byte is right.
 */
@Tag("host")
class PauseIT {
  private static final int ROUNDS = Integer.getInteger("dio.test.pauses", 3);
  private static final int STOPPED_MILLIS = 1600;
  private static final int BETWEEN_MILLIS = 400;
  private static final List<String> WAYS = List.of("sync", "pipelined", "behind", "async", "read");

  private Scratch scratch;
  private FlightRecording recording;

  @BeforeEach
  void makeScratch() throws IOException {
    scratch = Scratch.onDisk();
    recording = new FlightRecording(scratch.directory());
  }

  @AfterEach
  void removeScratch() {
    scratch.close();
  }

  /** Tags for the ways, in a file, as each has settings of its own. */
  static Path settings(Scratch scratch, Path data, String deadline) throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add("deadline = " + deadline);
    for (String way : WAYS) {
      lines.add("tag." + way + " = " + data.resolve(way) + "/**");
    }
    lines.add("tag.pipelined.write = pipelined");
    lines.add("tag.behind.write = behind");
    lines.add("tag.read.read = direct");
    return Files.write(scratch.resolve("dio.properties"), lines);
  }

  private RunningJvm start(String deadline, String... jvmArguments) throws IOException {
    Path data = scratch.newDirectory("data");
    Need.directWrites(data);
    String[] ways = {
      data.toString(),
      "0",
      "0",
      "sync:4096:2",
      "sync:1048576:1",
      "pipelined:4096:1",
      "pipelined:1048576:1",
      "behind:4096:1",
      "behind:1048576:1",
      "async:4096:1",
      "async:1048576:1",
      "read:4096:1",
      "read:1048576:1"
    };
    RunningJvm app =
        AgentJvm.of(BusyWritersApp.class, ways)
            .agent("config=" + settings(scratch, data, deadline))
            .jvm(recording.jvmArguments())
            .jvm(jvmArguments)
            .timeout(Duration.ofMinutes(5))
            .start();
    app.awaitOut("running");
    return app;
  }

  private static void signal(String name, RunningJvm app) throws Exception {
    Process kill = new ProcessBuilder("kill", "-" + name, "" + app.pid()).inheritIO().start();
    assertEquals(0, kill.waitFor(), "kill -" + name);
  }

  private void assertNothingWasLost(RunningJvm app) throws IOException {
    app.send("stop");
    JvmResult result = app.await().expectExit(0);
    Recorded recorded = recording.read();
    assertEquals(0, recorded.count("LostCompletion"), result + "\n" + recorded);
    assertEquals(0, recorded.count("CompletionError"), result + "\n" + recorded);
  }

  @Test
  void stopped() throws Exception {
    try (RunningJvm app = start("1s")) {
      for (int i = 0; i < ROUNDS; i++) {
        Thread.sleep(BETWEEN_MILLIS);
        signal("STOP", app);
        try {
          Thread.sleep(STOPPED_MILLIS);
        } finally {
          signal("CONT", app);
        }
      }
      assertNothingWasLost(app);
    }
  }

  /** A heap dump, which is a full garbage collection as well, into memory. */
  @Test
  void stoppedByTheCollector() throws Exception {
    Path memory = Need.directory("/dev/shm");
    Path dump = memory.resolve("dio-pause-" + ProcessHandle.current().pid() + ".hprof");
    try (RunningJvm app = start("500ms", "-Xmx900m")) {
      app.send("dump " + dump + " 1000");
      app.awaitOut("dumped");
      assertNothingWasLost(app);
    } finally {
      Files.deleteIfExists(dump);
    }
  }
}
