package io.dioagent.agent.kill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.agent.testing.AgentJvm;
import io.dioagent.agent.testing.JvmResult;
import io.dioagent.agent.testing.RunningJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * An application that is killed loses no promised data, and finds no data that it has not written.
 * The seeds are new ones each time, and printed with a failure; {@code -Ddio.test.seed=N} sets the
 * first. Longer: {@code -Ddio.test.kill.cycles=200}.
 */
@Tag("full")
@Tag("one-jdk")
class KillIT {
  private static final int CYCLES = Integer.getInteger("dio.test.kill.cycles", 10);
  private static final int LONGEST_LIFE_MILLIS = 600;

  /** Stands for no option: files are written with auto. */
  private static final String BY_DEFAULT = "default";

  /** As a shell reports it: 128 and SIGKILL. */
  private static final int KILLED = 128 + 9;

  private static final Duration LIMIT = Duration.ofMinutes(2);

  private Path directory;
  private long seed;

  @BeforeEach
  void prepare() throws IOException {
    directory = Files.createTempDirectory(Path.of("target").toRealPath(), "dio-kill-");
    seed = Long.getLong("dio.test.seed", new SplittableRandom().nextInt(1_000_000_000));
  }

  @AfterEach
  void cleanUp() throws IOException {
    emptyDirectory();
    Files.delete(directory);
  }

  private void emptyDirectory() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
  }

  static List<String> writeModes() {
    return List.of("sync", "pipelined", BY_DEFAULT);
  }

  @ParameterizedTest
  @MethodSource("writeModes")
  void killedAtAnyMoment(String writeMode) throws IOException {
    Set<Way> written = new TreeSet<>();
    long writes = 0;
    for (int cycle = 0; cycle < CYCLES; cycle++, seed++) {
      Journal journal =
          killOne(writeMode, Defect.NONE, 1 + (int) (seed * 7919 % LONGEST_LIFE_MILLIS));
      assertEquals(List.of(), wrongFiles(writeMode, journal), "seed " + seed);
      for (Way way : Way.values()) {
        int returned = journal.lastReturned(way);
        writes += returned;
        if (returned > 0) {
          written.add(way);
        }
      }
    }
    assertEquals(new TreeSet<>(List.of(Way.values())), written, "some wrote nothing");
    System.out.println(
        "write=" + writeMode + ": killed " + CYCLES + " times, after " + writes + " writes");
  }

  /** This test is able to fail. */
  @Tag("seeded")
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void defectsAreFound(Defect defect) throws IOException {
    List<String> wrong = wrongFiles("sync", killOne("sync", defect, LONGEST_LIFE_MILLIS));
    for (Way way : Way.values()) {
      boolean found = wrong.stream().anyMatch(line -> line.startsWith(way + ": "));
      assertTrue(found, defect + " not found in " + way + ": " + wrong);
    }
  }

  /** The same application passes this test without the agent. */
  @Test
  void withoutTheAgent() throws IOException {
    Journal journal = killOne(null, Defect.NONE, LONGEST_LIFE_MILLIS);
    assertEquals(List.of(), wrongFiles("sync", journal), "seed " + seed);
  }

  /** Lets an application write for a while, kills it, and answers how far it had come. */
  private Journal killOne(String writeMode, Defect defect, int lifeMillis) throws IOException {
    emptyDirectory();
    Path journal = directory.resolve("journal");
    AgentJvm jvm =
        AgentJvm.of(
                KilledApp.class,
                directory.toString(),
                journal.toString(),
                String.valueOf(seed),
                defect.name())
            .jvm("-Xmx128m", "-XX:TieredStopAtLevel=1")
            .timeout(LIMIT);
    if (writeMode != null) {
      String mode = writeMode.equals(BY_DEFAULT) ? "" : "write=" + writeMode + ",";
      jvm.writingByDefault().agent(mode + "tag=" + directory + "/**,exclude=" + journal);
    }
    try (RunningJvm running = jvm.start()) {
      running.awaitOut("ready\n");
      pause(lifeMillis);
      assertTrue(running.isAlive(), () -> "it ended by itself: " + running.err());
      JvmResult killed = running.kill().expectExit(KILLED);
      assertEquals("", killed.err());
    }
    return Journal.at(journal);
  }

  private List<String> wrongFiles(String writeMode, Journal journal) throws IOException {
    List<String> wrong = new ArrayList<>();
    for (Way way : Way.values()) {
      int kept =
          writeMode.equals("pipelined") ? journal.lastForced(way) : journal.lastReturned(way);
      String line =
          Aftermath.of(way, directory.resolve(way.name()), seed, kept, journal.lastStarted(way));
      if (line != null) {
        wrong.add(line);
      }
    }
    return wrong;
  }

  private static void pause(int millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
