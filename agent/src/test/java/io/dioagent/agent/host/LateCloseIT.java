package io.dioagent.agent.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.agent.apps.CommandedApp;
import io.dioagent.agent.apps.LocksApp;
import io.dioagent.agent.contract.Need;
import io.dioagent.agent.testing.AgentJvm;
import io.dioagent.agent.testing.JvmResult;
import io.dioagent.agent.testing.RunningJvm;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A lock that the application takes after it has closed a file and opened it again stays: the
 * runtime does not close its earlier descriptors of the file while there is a lock. Longer: {@code
 * -Ddio.test.lock.rounds=60}.
 */
@Tag("host")
class LateCloseIT {
  private static final int SHORT_ROUNDS = 12;
  private static final int ROUNDS = Integer.getInteger("dio.test.lock.rounds", SHORT_ROUNDS);

  @TempDir Path directory;

  private JvmResult run(String settings, String way, int rounds, int millis) throws IOException {
    Path real = directory.toRealPath();
    return AgentJvm.of(
            LocksApp.class, real.toString(), way, String.valueOf(rounds), String.valueOf(millis))
        .agent("tag=" + real + "/**" + settings)
        .run()
        .expectExit(0);
  }

  private void assertKept(String settings, String way, int rounds, int millis) throws IOException {
    JvmResult result = run(settings, way, rounds, millis);
    assertTrue(result.out().contains("lost 0 of " + rounds + "\n"), result.toString());
    assertTrue(result.out().contains("left 0\n"), result.toString());
    assertEquals("", result.err().replaceAll("(?m)^.*fault.*\\n", ""));
  }

  @ParameterizedTest
  @CsvSource({
    "random, ''",
    "link, ',write=pipelined'",
    "random, ',write=auto'",
    "read, ',read=direct'",
  })
  void locksSurviveWhatIsClosedLate(String way, String settings) throws IOException {
    assertKept(settings, way, ROUNDS, 30);
  }

  @ParameterizedTest
  @CsvSource({
    "stream, ''",
    "stream, ',write=pipelined'",
    "channel, ',write=pipelined'",
    "async, ''",
    "stream, ',write=auto'",
    "link, ',write=auto'",
  })
  void locksSurviveWhatIsClosedLateInAllWays(String way, String settings) throws IOException {
    Need.that(ROUNDS > SHORT_ROUNDS, "only with -Ddio.test.lock.rounds=60");
    assertKept(settings, way, ROUNDS, 30);
  }

  /** The completion comes when the application has its lock. */
  @ParameterizedTest
  @CsvSource({
    "write, ''",
    "async, ',write=pipelined'",
  })
  void locksSurviveWritesThatEndLate(String way, String settings) throws IOException {
    assertKept(settings + ",deadline=300ms,fault=late:for=1s", way, 2, 1800);
  }

  /** The hook stays after a detach until the kept files are closed. */
  @Test
  void locksSurviveDetach() throws Exception {
    Path real = directory.toRealPath();
    AgentJvm jvm =
        AgentJvm.of(CommandedApp.class)
            .agent("log=info,tag=" + real + "/**,deadline=300ms,fault=late:for=1s");
    try (RunningJvm holder =
            (AgentJvm.javaFeature() >= 21 ? jvm.jvm("-XX:+EnableDynamicAgentLoading") : jvm)
                .start();
        RunningJvm other = AgentJvm.of(CommandedApp.class).start()) {
      String file = " " + real.resolve("locked");
      answers(holder, "open a" + file);
      holder.send("write a 4096");
      assertTrue(holder.awaitLine("#2 ").contains("counts as lost"));
      holder.send("close a");
      holder.send("open b" + file);
      holder.send("lock b");
      assertEquals("locked", holder.awaitLine("#5 "));
      TimeUnit.MILLISECONDS.sleep(1500); // The completion has come.
      AgentJvm.ofAgentCommand("detach", String.valueOf(holder.pid())).run().expectExit(0);
      holder.awaitErr("off, but for 1 files");
      answers(other, "open c" + file);
      other.send("lock c");
      assertEquals("taken", other.awaitLine("#2 "));
      holder.send("close b");
      assertEquals("ok", holder.awaitLine("#6 "));
      other.send("lock c");
      assertEquals("locked", other.awaitLine("#3 "));
      holder.send("descriptors " + real);
      assertEquals("0", holder.awaitLine("#7 "));
    }
  }

  private static void answers(RunningJvm jvm, String firstCommand) {
    jvm.awaitOut("ready\n");
    jvm.send(firstCommand);
    assertEquals("ok", jvm.awaitLine("#1 "));
  }

  @Test
  void locksSurviveWritesThatNeverEnd() throws IOException {
    JvmResult result = run(",deadline=300ms,fault=lose:count=1", "write", 2, 500);
    assertTrue(result.out().contains("lost 0 of 2\n"), result.toString());
  }
}
