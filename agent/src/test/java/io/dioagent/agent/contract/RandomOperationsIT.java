package io.dioagent.agent.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.agent.testing.AgentJvm;
import io.dioagent.agent.testing.JvmResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * No random operation makes a difference between a tagged file and a plain one. The seeds are new
 * ones each time, and printed; {@code -Ddio.test.seed=N} sets them.
 */
class RandomOperationsIT {
  private static final Duration TIMEOUT = Duration.ofMinutes(5);

  /** As the agent says it: that something happened which no rule of its own foresees. */
  private static final String[] DEFECTS = {"defect", "unexpected", "watchdog"};

  @Test
  void onDisk() throws IOException {
    try (Scratch scratch = Scratch.onDisk()) {
      Recorded recorded = new Run(scratch, 20_000).expectNoDifference();
      assertUneventful(recorded);
      assertTrue(recorded.bufferedBytes() > 0, recorded.toString());
      assertEquals(recorded.mayGoDirect(), recorded.directBytes() > 0, recorded.toString());
    }
  }

  @Test
  void inMemory() throws IOException {
    try (Scratch scratch = Scratch.in(Need.directory("/dev/shm"))) {
      Recorded recorded = new Run(scratch, 20_000).expectNoDifference();
      assertUneventful(recorded);
      assertTrue(recorded.bufferedBytes() > 0, recorded.toString());
      assertEquals(0, recorded.directBytes(), recorded.toString());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "queue-depth=2,max-io=64k,buffer-memory=1m",
        "queue-depth=1,max-io=4k,buffer-memory=4k",
        "on-collision=report",
        "on-collision=fail",
        "on-collision=launder",
        "on-lost=report",
        "engine=io_uring",
        "engine=pwrite"
      })
  void withOptions(String options) throws IOException {
    try (Scratch scratch = Scratch.onDisk()) {
      Recorded recorded = new Run(scratch, 1000).options(options).expectNoDifference();
      assertUneventful(recorded);
      assertEquals(recorded.mayGoDirect(), recorded.directBytes() > 0, recorded.toString());
    }
  }

  /** What a device and a kernel may do without an application having to know. */
  @Test
  void withFaultsThatNoApplicationSees() throws IOException {
    // A short append is seen, as it is without us: so appends, whose offset is not known, are not.
    String faults =
        "fault=short:rate=0.1:offset=0-1000g,fault=duplicate:rate=0.1,fault=submit-eagain:rate=0.05,"
            + "fault=delay:rate=0.02:for=3ms,fault=submit-block:rate=0.02:for=3ms";
    try (Scratch scratch = Scratch.onDisk()) {
      Recorded recorded = new Run(scratch, 1500).options(faults).expectNoDifference();
      assertEquals(0, recorded.count("LostCompletion"), recorded.toString());
      assertEquals(0, recorded.count("UnknownCompletion"), recorded.toString());
      if (recorded.mayGoDirect()) {
        assertTrue(recorded.count("FaultInjected") > 0, recorded.toString());
        assertTrue(recorded.count("DuplicateCompletion") > 0, recorded.toString());
      }
    }
  }

  /** Then it is pwrite. */
  @Test
  void withoutAio() throws IOException {
    try (Scratch scratch = Scratch.onDisk()) {
      String[] strace = Strace.injecting(scratch.resolve("strace"), "io_setup:error=ENOSYS");
      Recorded recorded = new Run(scratch, 1500).under(strace).expectNoDifference();
      assertEquals(recorded.mayGoDirect(), recorded.directBytes() > 0, recorded.toString());
    }
  }

  /** As on a kernel that is older than them all. */
  @Test
  void withoutAnyEngine() throws IOException {
    try (Scratch scratch = Scratch.onDisk()) {
      String[] strace =
          Strace.injecting(
              scratch.resolve("strace"), "io_setup:error=ENOSYS", "pwritev2:error=ENOSYS");
      Recorded recorded = new Run(scratch, 1500).under(strace).expectNoDifference();
      assertEquals(0, recorded.directBytes(), recorded.toString());
      assertTrue(recorded.bufferedBytes() > 0, recorded.toString());
    }
  }

  /** The kernel's own refusals, at random. */
  @ParameterizedTest
  @CsvSource({
    "aio, io_submit:error=EAGAIN:when=3+7, io_getevents:error=EINTR:when=5+11",
    "io_uring, io_uring_enter:error=EAGAIN:when=5+7, io_uring_enter:error=EINTR:when=8+7"
  })
  void withAKernelThatRefuses(String engine, String refused, String interrupted)
      throws IOException {
    try (Scratch scratch = Scratch.onDisk()) {
      Path log = scratch.resolve("strace");
      String[] strace = Strace.injecting(log, refused, interrupted);
      Recorded recorded =
          new Run(scratch, 1000).options("engine=" + engine).under(strace).expectNoDifference();
      assertUneventful(recorded);
      if (recorded.mayGoDirect()) {
        assertTrue(Files.readString(log).contains(Strace.INJECTED), "nothing was refused");
      }
    }
  }

  /** Each kind of difference is found: this test is able to fail. */
  @ParameterizedTest
  @EnumSource(Sabotage.class)
  void findsDamage(Sabotage sabotage) throws IOException {
    try (Scratch scratch = Scratch.onDisk()) {
      JvmResult result = new Run(scratch, 400).sabotage(sabotage).run();
      result.expectExit(1);
      assertTrue(result.out().contains("DIFFERENCE after operation"), result::toString);
      assertTrue(result.out().contains("again, in "), result::toString);
    }
  }

  /** The command that a difference prints shows the very same difference. */
  @Test
  void tellsHowToSeeItAgain() throws IOException {
    try (Scratch scratch = Scratch.onDisk()) {
      Run run = new Run(scratch, 400).sabotage(Sabotage.OUTCOME);
      JvmResult first = run.run().expectExit(1);
      JvmResult again = Command.run("sh", "-c", lineBehind(first, "again, in ")).expectExit(1);
      assertEquals(
          lineBehind(first, "DIFFERENCE after"),
          lineBehind(again, "DIFFERENCE after"),
          again::toString);
    }
  }

  private static String lineBehind(JvmResult result, String start) {
    int line = 0;
    while (!result.outLines().get(line).startsWith(start)) {
      line++;
    }
    return result.outLines().get(line + 1).strip();
  }

  private static void assertUneventful(Recorded recorded) {
    for (String event :
        new String[] {
          "LostCompletion", "LateCompletion", "DuplicateCompletion", "UnknownCompletion"
        }) {
      assertEquals(0, recorded.count(event), event + ": " + recorded);
    }
  }

  /** One JVM with the agent that does operations in a directory. */
  private static final class Run {
    private final Path directory;
    private final int operations;
    private final long seed;
    private final FlightRecording recording;
    private String options = "";
    private String[] under = {};
    private Sabotage sabotage;

    Run(Scratch scratch, int operations) throws IOException {
      directory = scratch.resolve("fuzz");
      this.operations = operations;
      long random = new SplittableRandom().nextInt(1_000_000_000);
      seed = Long.getLong("dio.test.seed", random);
      recording = new FlightRecording(scratch.directory());
    }

    Run options(String more) {
      options = "," + more;
      return this;
    }

    Run under(String... command) {
      under = command;
      return this;
    }

    Run sabotage(Sabotage kind) {
      sabotage = kind;
      return this;
    }

    JvmResult run() {
      String[] arguments = {
        "directory=" + directory,
        "operations=" + operations,
        "seed=" + seed,
        sabotage == null ? "log=last" : "sabotage=" + sabotage.name().toLowerCase(Locale.ROOT)
      };
      AgentJvm jvm =
          AgentJvm.of(RandomOperations.class, arguments)
              .agent("tag=" + directory + "/tagged/**" + options)
              .timeout(TIMEOUT)
              .under(under);
      if (sabotage == null) {
        jvm.jvm(recording.jvmArguments());
      }
      return jvm.run();
    }

    Recorded expectNoDifference() throws IOException {
      JvmResult result = run().expectExit(0);
      System.out.print(result.out());
      assertTrue(
          result.out().contains("no difference in " + operations + " operations"),
          result::toString);
      for (String defect : DEFECTS) {
        assertFalse(result.err().contains(defect), result::toString);
      }
      Recorded recorded = recording.read();
      System.out.println(recorded);
      return recorded;
    }
  }
}
