package io.dioagent.agent.host;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.dioagent.agent.contract.Need;
import io.dioagent.agent.contract.Scratch;
import io.dioagent.agent.testing.AgentJvm;
import io.dioagent.agent.testing.JvmResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The heap is full for a while, again and again, while other threads write in all ways. Writes that
 * returned are in the file, failures are the JVM's own Error, each operation ends, and afterwards
 * all threads and operations work.
 *
 * <p>{@code -Ddio.test.heap.rounds=50 -Ddio.test.heap.seconds=10} is the long form.
 */
@Tag("host")
class FullHeapIT {
  private static final int ROUNDS = Integer.getInteger("dio.test.heap.rounds", 3);
  private static final int SECONDS = Integer.getInteger("dio.test.heap.seconds", 1);

  private Scratch scratch;

  @BeforeEach
  void makeScratch() {
    scratch = Scratch.onDisk();
  }

  @AfterEach
  void removeScratch() {
    scratch.close();
  }

  private AgentJvm app(Path data, int rounds) throws IOException {
    for (String way : FullHeapApp.WAYS) {
      Files.createDirectories(data.resolve(way));
    }
    return AgentJvm.of(FullHeapApp.class, data.toString(), "" + rounds, "" + SECONDS)
        .compilingAsUsual()
        .jvm("-Xmx64m")
        .timeout(Duration.ofSeconds(120 + rounds * (SECONDS + 20L)));
  }

  @Test
  void worksWhileAndAfter() throws IOException {
    Path data = scratch.newDirectory("data");
    Need.directWrites(data);
    Path settings = PauseIT.settings(scratch, data, "30s");
    JvmResult result = app(data, ROUNDS).agent("config=" + settings).run();
    System.out.println(result.out());
    assertEquals(0, result.exitCode(), result::toString);
  }

  /** The application's expectations hold without the agent, too. */
  @Test
  void aPlainJvmToo() throws IOException {
    JvmResult result = app(scratch.newDirectory("plain"), 1).run();
    assertEquals(0, result.exitCode(), result::toString);
  }
}
