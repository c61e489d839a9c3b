package io.dioagent.agent.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.dioagent.agent.apps.InterruptedWriteApp;
import io.dioagent.agent.testing.AgentJvm;
import io.dioagent.agent.testing.JvmResult;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A thread that is interrupted, or whose channel is closed, while the agent waits for its write:
 * the write ends first, as it would without the agent, and the wait does not turn into a busy one.
 */
class InterruptIT {
  @TempDir Path directory;

  private JvmResult run(String how) {
    Path file = directory.resolve("x");
    return AgentJvm.of(InterruptedWriteApp.class, file.toString(), how, "300")
        .agent("log=error,tag=" + directory + "/**,fault=delay:for=1500ms")
        .run()
        .expectExit(0);
  }

  @Test
  void interrupt() {
    assertEquals(
        """
        write ClosedByInterruptException
        interrupted true
        open false
        idle true
        size 65536
        """,
        run("interrupt").out());
  }

  /** As without the agent: a write that was done has been done. */
  @Test
  void close() {
    assertEquals(
        """
        write 65536
        interrupted false
        open false
        idle true
        size 65536
        """,
        run("close").out());
  }
}
