package io.dioagent.agent.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.agent.testing.AgentJvm;
import io.dioagent.agent.testing.RunningJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import jdk.jfr.consumer.RecordedEvent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Very many channels, threads and openings leave nothing behind. Longer: {@code
 * -Ddio.test.openings=1000000}.
 */
@Tag("full")
@Tag("one-jdk")
class ScaleIT {
  private static final int CHANNELS = 10_000;
  private static final int THREADS = 64;
  private static final int OPENINGS = Integer.getInteger("dio.test.openings", 20_000);

  /** For all other files that a JVM has open. */
  private static final int OTHER_DESCRIPTORS = 300;

  /** Limits the growth by a JVM's heap, compilers and metadata; beyond it the test fails. */
  private static final long OTHER_MEMORY_KIBIBYTES = 64 << 10;

  private static final int OTHER_MAPPINGS = 100;

  /** From one RuntimeStatistics event to the next, and more. */
  private static final int STATISTICS_MILLIS = 1500;

  private static final Duration LIMIT = Duration.ofMinutes(30);

  private Scratch scratch;
  private Path tagged;
  private FlightRecording recording;
  private int commands;

  @BeforeEach
  void makeScratch() throws IOException {
    scratch = Scratch.onDisk();
    tagged = scratch.newDirectory("tagged");
    recording = new FlightRecording(scratch.directory());
  }

  @AfterEach
  void removeScratch() {
    scratch.close();
  }

  private RunningJvm start() {
    AgentJvm jvm =
        AgentJvm.of(ScaleApp.class, tagged.toString())
            .agent("tag=" + tagged + "/**")
            .jvm("-Xmx192m", "-XX:+UseSerialGC")
            .jvm(recording.jvmArguments())
            .timeout(LIMIT);
    if (AgentJvm.javaFeature() >= 21) {
      jvm.jvm("-XX:+EnableDynamicAgentLoading");
    }
    RunningJvm running = jvm.start();
    running.awaitOut("ready\n");
    return running;
  }

  private String run(RunningJvm app, String command) {
    app.send(command);
    return app.awaitLine("#" + ++commands + " ");
  }

  /**
   * As many as wanted, or as the limit on descriptors allows: of these the agent takes a third at
   * most, and a JVM all it may have.
   */
  private static int channels() throws IOException {
    long allowed = hardLimit() / 3 * 2 - OTHER_DESCRIPTORS;
    if (allowed < CHANNELS) {
      System.out.println(
          "only " + allowed + " channels: the hard limit on open files is " + hardLimit());
    }
    return (int) Math.min(allowed, CHANNELS);
  }

  private static long hardLimit() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/limits"))) {
      if (line.startsWith("Max open files")) {
        String hard = line.split(" {2,}", -1)[2];
        return hard.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(hard);
      }
    }
    throw new IOException("/proc/self/limits has no limit of open files");
  }

  @Test
  void manyChannels() throws IOException {
    try (RunningJvm app = start()) {
      assertEquals("ok", run(app, "channels " + channels()), app::err);
      expectNothingLeft(app);
    }
  }

  @Test
  void manyThreads() throws IOException {
    try (RunningJvm app = start()) {
      assertEquals("ok", run(app, "threads " + THREADS), app::err);
      expectNothingLeft(app);
    }
  }

  @Test
  void manyOpenings() throws IOException {
    try (RunningJvm app = start()) {
      assertEquals("ok", run(app, "churn " + OPENINGS / 2), app::err);
      long[] half = held(app);
      assertEquals("ok", run(app, "churn " + OPENINGS / 2), app::err);
      long[] whole = held(app);
      System.out.printf(
          "%d openings: %d KiB and %d mappings after half of them, %d and %d after all%n",
          OPENINGS, half[0], half[1], whole[0], whole[1]);
      assertTrue(whole[0] - half[0] < OTHER_MEMORY_KIBIBYTES, "memory grows: KiB " + whole[0]);
      assertTrue(whole[1] - half[1] < OTHER_MAPPINGS, "mappings grow: " + whole[1]);
      expectNothingLeft(app);
    }
  }

  private long[] held(RunningJvm app) {
    String[] held = run(app, "held").split(" ", -1);
    return new long[] {Long.parseLong(held[0]), Long.parseLong(held[1])};
  }

  /** Nothing of any file; and once the agent has left, no context and no thread. */
  private void expectNothingLeft(RunningJvm app) throws IOException {
    assertEquals("0", run(app, "left").split(" ", -1)[0], "descriptors");
    assertEquals("ok", run(app, "rest " + 2 * STATISTICS_MILLIS));
    AgentJvm.ofAgentCommand("detach", String.valueOf(app.pid())).run().expectExit(0);
    String left = run(app, "left");
    for (int tries = 0; tries < 100 && !left.equals("0 0 0"); tries++) {
      left = run(app, "left"); // A thread that ends does so a moment later.
    }
    assertEquals("0 0 0", left, "descriptors, contexts, threads");
    app.send("quit");
    app.await(LIMIT).expectExit(0);
    assertEquals("", app.err());
    Recorded recorded = recording.read();
    for (String event :
        new String[] {
          "LostCompletion", "LateCompletion", "DuplicateCompletion", "UnknownCompletion"
        }) {
      assertEquals(0, recorded.count(event), recorded::toString);
    }
    List<RecordedEvent> statistics = recorded.events("RuntimeStatistics");
    assertTrue(!statistics.isEmpty(), "no statistics");
    RecordedEvent last = statistics.get(statistics.size() - 1);
    for (String level : new String[] {"inFlight", "openFiles", "bufferBytes", "quarantinedBytes"}) {
      assertEquals(0, ((Number) last.getValue(level)).longValue(), level + ": " + last);
    }
  }
}
