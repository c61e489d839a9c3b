package io.dioagent.agent.contract.random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.agent.contract.Command;
import io.dioagent.agent.contract.Need;
import io.dioagent.agent.contract.Recorded;
import io.dioagent.agent.contract.Scratch;
import io.dioagent.agent.contract.Strace;
import io.dioagent.agent.testing.JvmResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * No random operation makes a difference between a tagged file and a plain one, and nothing that
 * several threads wrote to one file is lost. See {@link FuzzPlan} for how much, where and with
 * which seeds.
 */
@Tag("full")
class RandomOperationsIT {
  static List<FuzzPlan.Setting> settings() {
    return FuzzPlan.settings();
  }

  @ParameterizedTest
  @MethodSource("settings")
  void byOneThread(FuzzPlan.Setting setting) throws IOException {
    noDifference(RandomOperations.class, setting);
  }

  @ParameterizedTest
  @MethodSource("settings")
  void bySeveralThreads(FuzzPlan.Setting setting) throws IOException {
    noDifference(CrowdOperations.class, setting);
  }

  private static void noDifference(Class<?> application, FuzzPlan.Setting setting)
      throws IOException {
    for (long seed : FuzzPlan.seeds()) {
      setting
          .place()
          .with(
              scratch -> {
                System.out.println(application.getSimpleName() + " on " + setting);
                Recorded recorded =
                    new FuzzRun(application, scratch, FuzzPlan.operationsOfRun(), seed)
                        .options(setting.options())
                        .expectNoDifference();
                assertUneventful(recorded);
                assertTrue(recorded.bufferedBytes() > 0, recorded::toString);
                if (setting.writesDirect()) { // Otherwise copies of whole files do.
                  assertEquals(
                      recorded.mayGoDirect(), recorded.directBytes() > 0, recorded::toString);
                }
              });
    }
  }

  private static FuzzRun run(Scratch scratch, int operations) throws IOException {
    return new FuzzRun(RandomOperations.class, scratch, operations, FuzzPlan.seeds().get(0))
        .options("write=sync");
  }

  @Tag("one-jdk")
  @ParameterizedTest
  @ValueSource(
      strings = {
        "queue-depth=2,max-io=64k,buffer-memory=1m",
        "queue-depth=1,max-io=4k,buffer-memory=4k",
        "on-collision=report",
        "on-collision=fail",
        "on-collision=launder",
        "on-lost=report"
      })
  void withOptions(String options) throws IOException {
    try (Scratch scratch = Scratch.onDisk()) {
      Recorded recorded = run(scratch, 500).options(options).expectNoDifference();
      assertUneventful(recorded);
      assertEquals(recorded.mayGoDirect(), recorded.directBytes() > 0, recorded.toString());
    }
  }

  /** Faults of a device or a kernel that no application may notice. */
  @Tag("one-jdk")
  @Test
  void withFaultsThatNoApplicationSees() throws IOException {
    // An application sees a short append, as without the agent. The fault's range of offsets
    // excludes appends, whose offset is unknown.
    String faults =
        "fault=short:rate=0.1:offset=0-1000g,fault=duplicate:rate=0.1,fault=submit-eagain:rate=0.05,"
            + "fault=delay:rate=0.02:for=3ms,fault=submit-block:rate=0.02:for=3ms";
    try (Scratch scratch = Scratch.onDisk()) {
      Recorded recorded = run(scratch, 1500).options(faults).expectNoDifference();
      assertEquals(0, recorded.count("LostCompletion"), recorded.toString());
      assertEquals(0, recorded.count("UnknownCompletion"), recorded.toString());
      if (recorded.mayGoDirect()) {
        assertTrue(recorded.count("FaultInjected") > 0, recorded.toString());
        assertTrue(recorded.count("DuplicateCompletion") > 0, recorded.toString());
      }
    }
  }

  /** Then it is pwrite. */
  @Tag("one-jdk")
  @Test
  void withoutAio() throws IOException {
    try (Scratch scratch = Scratch.onDisk()) {
      String[] strace = Strace.injecting(scratch.resolve("strace"), "io_setup:error=ENOSYS");
      Recorded recorded = run(scratch, 1500).under(strace).expectNoDifference();
      assertEquals(recorded.mayGoDirect(), recorded.directBytes() > 0, recorded.toString());
    }
  }

  /** As on a kernel that is older than them all. */
  @Tag("one-jdk")
  @Test
  void withoutAnyEngine() throws IOException {
    try (Scratch scratch = Scratch.onDisk()) {
      String[] strace =
          Strace.injecting(
              scratch.resolve("strace"), "io_setup:error=ENOSYS", "pwritev2:error=ENOSYS");
      Recorded recorded = run(scratch, 1500).under(strace).expectNoDifference();
      assertEquals(0, recorded.directBytes(), recorded.toString());
      assertTrue(recorded.bufferedBytes() > 0, recorded.toString());
    }
  }

  /** The kernel's own refusals, at random. */
  @Tag("one-jdk")
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
          run(scratch, 1000).options("engine=" + engine).under(strace).expectNoDifference();
      assertUneventful(recorded);
      if (recorded.mayGoDirect()) {
        assertTrue(Files.readString(log).contains(Strace.INJECTED), "nothing was refused");
      }
    }
  }

  /** Which makes writes short, and then fail. */
  @Test
  void withALimitOnFileSizes() throws IOException {
    Need.command(FuzzRun.FILE_SIZE_LIMIT[0], "--version");
    try (Scratch scratch = Scratch.onDisk()) {
      assertUneventful(run(scratch, 1000).under(FuzzRun.FILE_SIZE_LIMIT).expectNoDifference());
    }
  }

  /** Each kind of difference is found: this test is able to fail. */
  @Tag("seeded")
  @ParameterizedTest
  @EnumSource(Sabotage.class)
  void findsDamage(Sabotage sabotage) throws IOException {
    try (Scratch scratch = Scratch.onDisk()) {
      run(scratch, 400).sabotage(sabotage.name()).expectDifference();
    }
  }

  /** By one of several threads, too. */
  @Tag("seeded")
  @Test
  void findsDamageBesideOthers() throws IOException {
    try (Scratch scratch = Scratch.onDisk()) {
      new FuzzRun(CrowdOperations.class, scratch, 4000, FuzzPlan.seeds().get(0))
          .sabotage("any")
          .expectDifference();
    }
  }

  /** The command that a difference prints shows the very same difference. */
  @Tag("seeded")
  @Test
  void printsTheCommandToRepeatIt() throws IOException {
    try (Scratch scratch = Scratch.onDisk()) {
      FuzzRun run = run(scratch, 400).sabotage(Sabotage.OUTCOME.name());
      JvmResult first = run.run().expectExit(1);
      int line = first.outLines().indexOf(FuzzRun.lineOf(first, "again, in ")) + 1;
      String command = first.outLines().get(line).strip();
      JvmResult again = Command.run("sh", "-c", command).expectExit(1);
      assertEquals(
          FuzzRun.lineOf(first, "DIFFERENCE"),
          FuzzRun.lineOf(again, "DIFFERENCE"),
          again::toString);
    }
  }

  private static void assertUneventful(Recorded recorded) {
    for (String event :
        new String[] {
          "LostCompletion", "LateCompletion", "DuplicateCompletion", "UnknownCompletion"
        }) {
      assertEquals(0, recorded.count(event), event + ": " + recorded);
    }
  }
}
