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
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Far more threads want to run than there are processors, in this process and in others, and the
 * disk is healthy: no write is counted as lost, none fails, and no submission is counted as
 * stalled.
 */
@Tag("host")
class StarvedIT {
  /** In the long form 100,000. */
  private static final int WRITES = Integer.getInteger("dio.test.starved.writes", 400);

  private static final boolean LONG = WRITES >= 10_000;

  /** In this process, and as many in others. */
  private static final int SPINNERS = (LONG ? 15 : 6) * Runtime.getRuntime().availableProcessors();

  private final List<Process> others = new ArrayList<>();
  private Scratch scratch;
  private FlightRecording recording;

  @BeforeEach
  void makeScratch() throws IOException {
    scratch = Scratch.onDisk();
    recording = new FlightRecording(scratch.directory());
  }

  @AfterEach
  void endAll() throws InterruptedException {
    others.forEach(Process::destroyForcibly);
    for (Process other : others) {
      other.waitFor();
    }
    scratch.close();
  }

  @Test
  void withoutProcessors() throws Exception {
    Path data = scratch.newDirectory("data");
    Need.directWrites(data);
    AgentJvm jvm =
        AgentJvm.of(
                BusyWritersApp.class,
                data.toString(),
                "" + WRITES,
                "" + SPINNERS,
                "sync:4096:8",
                "sync:1048576:1",
                "pipelined:4096:1",
                "behind:4096:1",
                "async:4096:2",
                "read:4096:2")
            .agent("config=" + PauseIT.settings(scratch, data, "2s"))
            .jvm(recording.jvmArguments())
            .timeout(Duration.ofSeconds(300 + WRITES / 10));
    JvmResult result;
    try (RunningJvm app = jvm.start()) {
      app.awaitOut("running"); // From here on, also for the first writes, there are few processors.
      for (int i = 0; i < SPINNERS; i++) {
        others.add(new ProcessBuilder("sh", "-c", "while :; do :; done").start());
      }
      result = app.await();
    }
    result.expectExit(0);
    Recorded recorded = recording.read();
    assertEquals(0, recorded.count("LostCompletion"), result + "\n" + recorded);
    assertEquals(0, recorded.count("CompletionError"), result + "\n" + recorded);
    assertEquals(List.of(), recorded.events("SubmissionStall"), "the disk held none");
  }
}
