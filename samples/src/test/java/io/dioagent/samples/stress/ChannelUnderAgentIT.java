package io.dioagent.samples.stress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.samples.TargetDirectory;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * Runs aio-stress on plain channels, as an unmodified application under the agent and its faults.
 */
class ChannelUnderAgentIT {
  private static final long LONGEST_SECONDS = 120;

  @TempDir(factory = TargetDirectory.class)
  Path directory;

  @BeforeEach
  void realPath() throws Exception {
    directory = directory.toRealPath();
  }

  private record Ended(int status, String output) {
    /** Returns a number of the summary. */
    long count(String key) {
      Matcher matcher = Pattern.compile("(?m)^aio-stress: .*\\b" + key + "=(\\d+)").matcher(output);
      assertTrue(matcher.find(), output);
      return Long.parseLong(matcher.group(1));
    }
  }

  private Ended run(String agentOptions, String... words) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(java());
    Path agent = Path.of(System.getProperty("dio.test.jar")).toRealPath();
    command.add("-javaagent:" + agent + "=write=sync,tag=" + directory + "/**" + agentOptions);
    command.add("-cp");
    command.add(
        String.join(
            File.pathSeparator,
            location(AioStress.class),
            location(io.dioagent.runtime.api.FilePolicy.class),
            location(io.dioagent.events.DioEvents.class),
            location(CommandLine.class),
            location(Histogram.class)));
    command.add(AioStress.class.getName());
    command.addAll(List.of("--channel", "--verify", "--threads=4", "--file-size=2m"));
    command.addAll(List.of(words));
    command.add(directory.resolve("file").toString());
    Path output = directory.resolveSibling(directory.getFileName() + ".output");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      assertTrue(
          process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS), () -> "still runs: " + command);
      return new Ended(process.exitValue(), Files.readString(output));
    } finally {
      process.destroyForcibly().waitFor();
      Files.delete(output);
    }
  }

  private static String java() {
    String set = System.getProperty("dio.test.java");
    return set == null || set.isBlank()
        ? Path.of(System.getProperty("java.home"), "bin", "java").toString()
        : set;
  }

  private static String location(Class<?> of) throws Exception {
    return Path.of(of.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
  }

  private static void assertAccounted(Ended run) {
    assertEquals(run.count("issued"), run.count("ended"), run.output());
    for (String key : new String[] {"duplicate", "unknown", "differing", "threads-left"}) {
      assertEquals(0, run.count(key), run.output());
    }
  }

  @Test
  void allIsWellWithoutFaults() throws Exception {
    Ended run = run("", "--record-size=6k");
    assertEquals(StressResult.OK, run.status(), run.output());
    assertAccounted(run);
    // The whole records of the file, in each of five stages and the check.
    assertEquals(6 * (2048 / 6), run.count("issued"), run.output());
  }

  @Test
  void injectedErrorsAreCountedByErrnoAndNoByteDiffers() throws Exception {
    Ended run =
        run(
            ",fault=eio:rate=0.02:count=40,fault=enospc:count=3,fault=short:rate=0.1"
                + ",fault=duplicate:rate=0.1",
            "--record-size=8k");
    assertEquals(StressResult.IO_ERRORS, run.status(), run.output());
    assertAccounted(run);
    assertTrue(run.count("failed") >= 3, run.output());
    Matcher errors = Pattern.compile("(?m)^errors: EIO (\\d+), ENOSPC 3$").matcher(run.output());
    assertTrue(errors.find(), run.output());
    assertEquals(run.count("failed"), Long.parseLong(errors.group(1)) + 3, run.output());
  }

  @Test
  void aLostWriteEndsByItsDeadline() throws Exception {
    Ended run = run(",deadline=300ms,fault=lose:count=2", "--record-size=8k");
    assertEquals(StressResult.IO_ERRORS, run.status(), run.output());
    assertAccounted(run);
    // The machine may lose more.
    assertTrue(run.count("lost") >= 2, run.output());
  }
}
