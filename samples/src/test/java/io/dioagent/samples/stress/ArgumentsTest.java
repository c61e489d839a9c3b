package io.dioagent.samples.stress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.dioagent.runtime.api.OnLost;
import io.dioagent.samples.TargetDirectory;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArgumentsTest {
  @TempDir(factory = TargetDirectory.class)
  Path directory;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int run(String... words) throws InterruptedException {
    return new AioStress(print(out), print(err)).run(words);
  }

  private static PrintStream print(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }

  private static List<String> lines(ByteArrayOutputStream bytes) {
    return bytes.toString(StandardCharsets.UTF_8).lines().toList();
  }

  private static StressConfig config(String... words) throws Exception {
    return Arguments.parse(words).orElseThrow().config();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --depth 4                        | Missing required parameter: 'FILE'
          --frobnicate F                   | Unknown option: '--frobnicate'
          --file-size 5x F                 | size is '5x', expected bytes such as 4096, 4k, 1m or 2g
          --file-size 99999999999g F       | size is '99999999999g', expected bytes
          --file-size 4k F                 | file-size is 4096, expected at least a record of 65536
          --file-size 64k --threads 2 F    | the files hold 1 records of 65536 bytes, expected at least one for each of 2 threads
          --record-size 1000 F             | record-size is 1000, expected a multiple of 512 up to 64m
          --record-size 65m --file-size 1g F | record-size is 68157440, expected a multiple of 512 up to 64m
          --record-size 2560 F             | record-size is 2560, expected a multiple of 4096 for the queue; or give --sync-api
          --sync-api --o-direct --record-size 2560 F | record-size is 2560, expected a multiple of 4096 with --o-direct
          --depth 0 F                      | depth is 0, expected 1 to 256
          --depth x F                      | Invalid value for option '--depth'
          --threads 0 F                    | threads is 0, expected 1 to 1024
          --sync-api --depth 2 F           | depth is 2, expected 1 with --sync-api and --channel
          --channel --sync-api F           | --channel and --sync-api are given, expected one of them
          --channel --fault eio F          | fault is [eio], expected none with --channel: give fault= to the agent
          --channel --deadline 1s F        | --deadline or --on-lost is given, expected neither with --channel: give them to the agent
          --stages write,erase F           | stage is 'erase', expected write, rewrite, random-write, read or random-read
          --wait-timeout 0 F               | wait-timeout is 0, expected milliseconds from 1, or none
          --wait-timeout soon F            | wait-timeout is 'soon', expected milliseconds from 1, or none
          --for -1 F                       | for is PT-1S, expected zero or more
          --deadline 30 F                  | time is '30', expected a time such as 200ms, 30s or 2m
          --deadline 0s F                  | deadline is PT0S, expected more than zero
          --on-lost ignore F               | on-lost is 'ignore', expected fail or report
          --fault smoke F                  | fault is 'smoke', expected one of eio, enospc
          --fault eio:rate=2 F             | rate is '2', expected path=GLOB
          --max-errors 0 F                 | max-errors is 0, expected 1 or more
          --patience 0s F                  | patience is PT0S, expected more than zero
          F F                              | files are [F, F], expected each once
          --schedule 1 --depth 3 F         | --depth is given, expected none but --progress beside --schedule
          --schedule 1 F G                 | files are [F, G], expected one with --schedule
          """)
  void aWrongArgumentPrintsItselfAndTheUsage(String words, String message) throws Exception {
    assertEquals(StressResult.USAGE, run(words.split(" ", -1)));
    assertEquals(2, lines(err).size(), err::toString);
    assertTrue(lines(err).get(0).startsWith("aio-stress: "), err::toString);
    assertTrue(lines(err).get(0).contains(message), err::toString);
    assertEquals(
        "usage: aio-stress [OPTIONS] FILE...   (--help prints all options)", lines(err).get(1));
    assertEquals("", out.toString(StandardCharsets.UTF_8));
  }

  @Test
  void helpHasTheExitStatus() throws Exception {
    assertEquals(StressResult.OK, run("--help"));
    String help = out.toString(StandardCharsets.UTF_8);
    for (String status : new String[] {"0   no error", "1   data errors", "2   wrong", "3   I/O"}) {
      assertTrue(help.contains("\n  " + status), help);
    }
    assertEquals("", err.toString(StandardCharsets.UTF_8));
  }

  @Test
  void everyOptionIsParsed() throws Exception {
    StressConfig config =
        config(
            "--file-size=1m --record-size=8k --depth=3 --threads=2 --stages=write,random-read"
                .split(" ", -1),
            "--o-direct --o-sync --verify --wait-timeout=20 --for=9 --seed=5 --deadline=200ms"
                .split(" ", -1),
            "--on-lost=report --fault=eio --fault=late:for=1s --stop-on-error --max-errors=7 A B"
                .split(" ", -1));
    assertEquals(List.of(Path.of("A"), Path.of("B")), config.files());
    assertEquals(new StressConfig.Shape(1 << 20, 8192, 3, 2), config.shape());
    assertEquals(List.of(Stage.WRITE, Stage.RANDOM_READ), config.stages());
    assertEquals(Api.QUEUE, config.access().api());
    assertTrue(config.access().direct() && config.access().synchronous() && config.verify());
    assertEquals(Duration.ofMillis(200), config.access().policy().deadline());
    assertEquals(OnLost.REPORT, config.access().policy().onLost());
    assertEquals(false, config.access().policy().fallbackAllowed());
    assertEquals(List.of("eio", "late:for=1s"), config.access().faults());
    assertEquals(
        new StressConfig.Limits(
            Duration.ofSeconds(9), Duration.ofMillis(20), true, 7, Duration.ofMinutes(1)),
        config.limits());
    assertEquals(5, config.seed());
  }

  private static StressConfig config(String[]... words) throws Exception {
    List<String> all = new ArrayList<>();
    for (String[] some : words) {
      all.addAll(List.of(some));
    }
    return config(all.toArray(String[]::new));
  }

  @Test
  void theDefaultIsTheQueueAndAllStages() throws Exception {
    StressConfig config = config("F");
    assertEquals(new StressConfig.Shape(64 << 20, 64 << 10, 8, 1), config.shape());
    assertEquals(List.of(Stage.values()), config.stages());
    assertEquals(Duration.ZERO, config.limits().waitTimeout());
    assertEquals(1, config("--channel", "F").shape().depth());
  }

  /** The command line that a failing schedule prints repeats it. */
  @Test
  void aScheduleEqualsItsCommandLine() throws Exception {
    for (long seed = 1; seed <= 200; seed++) {
      StressConfig schedule = Schedule.of(seed, Path.of("F"));
      assertEquals(schedule, Schedule.of(seed, Path.of("F")), "seed " + seed);
      assertEquals(schedule, config("--schedule", Long.toString(seed), "F"));
      assertEquals(
          schedule, config(CommandText.words(schedule).toArray(String[]::new)), "seed " + seed);
    }
  }

  @Test
  void theSummaryIsTheLastLineAndErrorsAreBeforeIt() throws Exception {
    String file = directory.resolve("file").toString();
    int status =
        run(
            "--file-size=1m --verify --seed=3 --fault=eio:count=2 --stages=write".split(" ", -1),
            file);
    assertEquals(StressResult.IO_ERRORS, status, err::toString);
    List<String> lines = lines(out);
    assertEquals("errors: EIO 2", lines.get(lines.size() - 2));
    assertTrue(
        lines
            .get(lines.size() - 1)
            .matches(
                "aio-stress: issued=32 ended=32 bytes=1966080 failed=2 lost=0 late=0 duplicate=0"
                    + " unknown=0 differing=0 threads-left=0 seconds=\\d+\\.\\d seed=3"),
        out::toString);
  }

  private int run(String[] words, String last) throws InterruptedException {
    List<String> all = new ArrayList<>(List.of(words));
    all.add(last);
    return run(all.toArray(String[]::new));
  }

  @Test
  void aFileInMemoryIsReportedAndBuffered() throws Exception {
    Path memory = Path.of("/dev/shm");
    boolean tmpfs = Files.isWritable(memory) && Files.getFileStore(memory).type().equals("tmpfs");
    if (!tmpfs) {
      System.out.println("ArgumentsTest skipped: /dev/shm is no tmpfs to write to");
    }
    assumeTrue(tmpfs);
    Path file = Files.createTempFile(memory, "aio-stress", "");
    try {
      assertEquals(0, run("--file-size=1m --verify".split(" ", -1), file.toString()));
      assertTrue(
          err.toString(StandardCharsets.UTF_8).contains("cannot go direct: TMPFS"), err::toString);
      assertTrue(lines(err).get(0).endsWith("; going on through the page cache"), err::toString);
      assertEquals(1, lines(err).size(), err::toString);
      err.reset();
      assertEquals(
          StressResult.USAGE, run("--file-size=1m --o-direct".split(" ", -1), file.toString()));
      assertTrue(lines(err).get(0).contains("leave out --o-direct"), err::toString);
      assertEquals(1, lines(err).size(), err::toString);
    } finally {
      Files.delete(file);
    }
  }
}
