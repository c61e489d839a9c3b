package io.dioagent.agent.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.agent.contract.Command;
import io.dioagent.agent.contract.Scratch;
import io.dioagent.agent.host.soak.SoakApp;
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
 * A random mix of all ways to write, in all modes, while the application's stack ends, its heap is
 * full, its process is stopped, its threads are interrupted and get signals, and its writers
 * overlap: nothing is wrong, nothing hangs, and no error comes that a plain JVM does not give.
 *
 * <p>The long form: {@code -Ddio.test.soak.seconds=600
 * -Ddio.test.soak.disturbs=stack,heap,gc,interrupt -Ddio.test.soak.engines=aio,io_uring,pwrite},
 * with one JVM for each engine at the same time. {@code -Ddio.test.soak.seed} repeats a run's
 * choices. The short form leaves the full heap to {@link FullHeapIT}: a JVM without heap is slow.
 */
@Tag("full")
@Tag("host")
class SoakIT {
  private static final int SECONDS = Integer.getInteger("dio.test.soak.seconds", 10);
  private static final long SEED = Long.getLong("dio.test.soak.seed", System.nanoTime());
  private static final String DISTURBS =
      System.getProperty("dio.test.soak.disturbs", "stack,gc,interrupt");
  private static final String[] ENGINES =
      System.getProperty("dio.test.soak.engines", "auto").split(",");
  private static final Duration DEADLINE = Duration.ofSeconds(3);

  /** Longer than the deadline, so that each write under way has passed it. */
  private static final Duration STOPPED = DEADLINE.plusMillis(500);

  private static final Duration BETWEEN_STOPS = Duration.ofSeconds(4);

  private Scratch scratch;

  @BeforeEach
  void makeScratch() {
    scratch = Scratch.onDisk();
  }

  @AfterEach
  void removeScratch() {
    scratch.close();
  }

  @Test
  void nothingIsWrongAndNothingHangs() throws IOException, InterruptedException {
    Path storm = storm();
    List<RunningJvm> running = new ArrayList<>();
    try {
      for (String engine : ENGINES) {
        AgentJvm jvm =
            soak(directories(engine), DISTURBS, SECONDS).agent("config=" + settings(engine));
        if (storm != null) {
          jvm.environment("LD_PRELOAD", storm.toString());
        }
        running.add(jvm.start());
      }
      for (RunningJvm jvm : running) {
        jvm.awaitOut("\ndisturbed\n");
      }
      stopNowAndThen(running);
      List<JvmResult> results = new ArrayList<>();
      for (RunningJvm jvm : running) {
        results.add(jvm.await());
      }
      for (JvmResult result : results) {
        System.out.println(lastLine(result));
      }
      for (JvmResult result : results) {
        assertEquals(0, result.exitCode(), results::toString);
      }
    } finally {
      running.forEach(RunningJvm::close);
    }
  }

  /** The expectations hold without the agent, except for the JVM's own asynchronous channels. */
  @Test
  void aPlainJvmShowsNothing() throws IOException {
    JvmResult result = soak(directories("plain"), "stack,heap,gc,interrupt", 3).run();
    assertEquals(0, result.exitCode(), result::toString);
  }

  @Tag("seeded")
  @Test
  void findsADamagedByte() throws IOException {
    JvmResult result = soak(directories("damaged"), "damage", 3).run();
    assertEquals(1, result.exitCode(), result::toString);
    assertTrue(result.err().contains("wrong byte in "), result::toString);
  }

  @Tag("seeded")
  @Test
  void findsAnError() throws IOException {
    JvmResult result =
        soak(directories("failing"), "gc", 3)
            .agent("config=" + settings("failing") + ",fault=eio:rate=0.02")
            .run();
    assertEquals(1, result.exitCode(), result::toString);
    assertTrue(result.err().contains("Input/output error"), result::toString);
  }

  private static AgentJvm soak(Path directory, String disturbs, int seconds) {
    return AgentJvm.of(
            SoakApp.class,
            directory.toString(),
            String.valueOf(seconds),
            String.valueOf(SEED),
            disturbs)
        .compilingAsUsual()
        .jvm("-Xmx96m")
        .timeout(Duration.ofSeconds(seconds * 2L + 300));
  }

  private static String lastLine(JvmResult result) {
    List<String> lines = result.outLines();
    return lines.isEmpty() ? "" : lines.get(lines.size() - 1);
  }

  private Path directories(String engine) throws IOException {
    Path base = scratch.newDirectory(engine);
    for (String mode : new String[] {"sync", "pipelined", "behind", "direct", "launder"}) {
      Files.createDirectory(base.resolve(mode));
    }
    return base;
  }

  private Path settings(String engine) throws IOException {
    Path base = scratch.resolve(engine);
    return Files.writeString(
        scratch.resolve(engine + ".properties"),
        "deadline = "
            + DEADLINE.toSeconds()
            + "s\n"
            + (engine.equals("failing") ? "" : "engine = " + engine + "\n")
            + tag(base, "sync", "")
            + tag(base, "pipelined", "write = pipelined")
            + tag(base, "behind", "write = behind")
            + tag(base, "direct", "read = direct")
            + tag(base, "launder", "on-collision = launder"));
  }

  private static String tag(Path base, String mode, String setting) {
    String tag = "tag." + mode + " = " + base.resolve(mode) + "/**\n";
    return setting.isEmpty() ? tag : tag + "tag." + mode + "." + setting + "\n";
  }

  /** As long as they are disturbed. A stopped process does not count its own time. */
  private static void stopNowAndThen(List<RunningJvm> running) throws InterruptedException {
    long until = System.nanoTime() + Duration.ofSeconds(SECONDS).toNanos();
    while (System.nanoTime() - until < 0) {
      Thread.sleep(BETWEEN_STOPS.toMillis());
      signal("-STOP", running);
      Thread.sleep(STOPPED.toMillis());
      signal("-CONT", running);
    }
  }

  private static void signal(String signal, List<RunningJvm> running) {
    for (RunningJvm jvm : running) {
      if (jvm.isAlive()) {
        JvmResult unused = Command.run("kill", signal, String.valueOf(jvm.pid()));
      }
    }
  }

  /** The library that sends signals; null, with the reason printed, where there is no compiler. */
  private Path storm() {
    Path library = scratch.resolve("storm.so");
    JvmResult compiled =
        Command.run(
            "gcc",
            "-shared",
            "-fPIC",
            "-O1",
            "-pthread",
            "-o",
            library.toString(),
            Path.of("src/test/c/storm.c").toAbsolutePath().toString());
    if (compiled.exitCode() != 0) {
      System.out.println("without signals: gcc does not work: " + compiled.out());
      return null;
    }
    return library;
  }
}
