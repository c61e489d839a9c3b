package io.dioagent.bench.row;

import io.dioagent.bench.Bench;
import io.dioagent.bench.Effort;
import io.dioagent.bench.Row;
import io.dioagent.bench.Target;
import io.dioagent.bench.Unit;
import io.dioagent.bench.work.UntaggedOpen;
import io.dioagent.bench.work.UntaggedWrite;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * A JMH benchmark on a file that nobody tagged, with the agent in the JVM and without. The
 * difference looked for is smaller than what two runs of the same differ by. So a fork counts with
 * its fastest iteration, short enough to go undisturbed now and then, as other processes on the
 * machine only ever add; and a sample is the median of several forks, as each has its luck with the
 * addresses of its code and data.
 *
 * @param benchmark the class with the one benchmark method
 * @param parameters its parameters, besides the file
 * @param forks how many JVMs make one sample
 * @param device the device that the file is; empty for an ordinary file
 */
record NanosRow(
    String name,
    String measure,
    Class<?> benchmark,
    Map<String, String> parameters,
    int forks,
    Optional<Path> device,
    Unit unit,
    Target target)
    implements Row {

  private static final double WRITE_NANOS_LIMIT = 2;
  private static final double OPEN_MICROS_LIMIT = 5;
  private static final Path MEMORY_FILE_SYSTEM = Path.of("/dev/shm");

  /** Takes so little time to write to that a nanosecond more can be seen. */
  private static final Path NULL_DEVICE = Path.of("/dev/null");

  static {
    // The lock keeps others from disturbing; who does so all the same is told for each pair.
    System.setProperty("jmh.ignoreLock", "true");
  }

  static NanosRow writeToNullDevice(String name, String measure) {
    return write(name, measure, 1, 8, Optional.of(NULL_DEVICE));
  }

  static NanosRow writeToFile(String name, String measure, int bytes) {
    return write(name, measure, bytes, 6, Optional.empty());
  }

  private static NanosRow write(
      String name, String measure, int bytes, int forks, Optional<Path> device) {
    return new NanosRow(
        name,
        measure,
        UntaggedWrite.class,
        Map.of("bytes", Integer.toString(bytes)),
        forks,
        device,
        Unit.NANOSECONDS,
        new Target.DifferenceAtMost(WRITE_NANOS_LIMIT, Unit.NANOSECONDS));
  }

  static NanosRow open(String name, String measure) {
    return new NanosRow(
        name,
        measure,
        UntaggedOpen.class,
        Map.of(),
        2,
        Optional.empty(),
        Unit.MICROSECONDS,
        new Target.DifferenceAtMost(OPEN_MICROS_LIMIT, Unit.MICROSECONDS));
  }

  @Override
  public Optional<String> whyNot(Bench bench) {
    return bench.whyNoAgent();
  }

  @Override
  public Session open(Bench bench) throws IOException {
    Path file = device.isPresent() ? device.get() : ordinaryFile(bench);
    String agent = bench.agentArgument(bench.scratch().file("tagged") + "/**");
    return new Session() {
      @Override
      public double ours() throws IOException {
        return sample(bench, file, Optional.of(agent));
      }

      @Override
      public double peer() throws IOException {
        return sample(bench, file, Optional.empty());
      }

      @Override
      public void close() throws IOException {
        if (device.isEmpty()) {
          Files.delete(file);
        }
      }
    };
  }

  private static Path ordinaryFile(Bench bench) throws IOException {
    Path directory =
        Files.isWritable(MEMORY_FILE_SYSTEM) ? MEMORY_FILE_SYSTEM : bench.scratch().directory();
    Path file = Files.createTempFile(directory, "dio-bench-", null);
    file.toFile().deleteOnExit(); // Outside of the scratch directory.
    return file;
  }

  private double sample(Bench bench, Path file, Optional<String> agent) throws IOException {
    Effort effort = bench.effort();
    TimeValue iteration = TimeValue.milliseconds(effort.nanosIteration().toMillis());
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include("^" + benchmark.getName() + "\\.")
            .param("file", file.toString())
            .jvm(bench.java().toString())
            .forks(Math.max(1, forks / effort.nanosForkDivisor()))
            .warmupIterations(effort.nanosWarmUps())
            .warmupTime(iteration)
            .measurementIterations(effort.nanosIterations())
            .measurementTime(iteration)
            .shouldFailOnError(true)
            .verbosity(VerboseMode.SILENT);
    parameters.forEach(options::param);
    agent.ifPresent(options::jvmArgs);
    try {
      return medianOfForks(new Runner(options.build()).runSingle());
    } catch (RunnerException e) {
      throw new IOException(benchmark.getSimpleName() + ": " + e.getMessage(), e);
    }
  }

  private static double medianOfForks(RunResult result) {
    double[] forks =
        result.getBenchmarkResults().stream()
            .mapToDouble(NanosRow::fastestIteration)
            .sorted()
            .toArray();
    return (forks[(forks.length - 1) / 2] + forks[forks.length / 2]) / 2;
  }

  private static double fastestIteration(BenchmarkResult fork) {
    return fork.getIterationResults().stream()
        .mapToDouble(iteration -> iteration.getPrimaryResult().getScore())
        .min()
        .orElseThrow();
  }
}
