package io.dioagent.bench.row;

import io.dioagent.bench.Bench;
import io.dioagent.bench.Effort;
import io.dioagent.bench.Row;
import io.dioagent.bench.Target;
import io.dioagent.bench.Unit;
import io.dioagent.bench.work.ByteWrite;
import io.dioagent.bench.work.ChannelWrite;
import io.dioagent.bench.work.UntaggedOpen;
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
 * A JMH benchmark on a tagged or untagged file, with and without the agent in the JVM. The expected
 * difference is smaller than the noise between runs. So the result of a fork is its fastest
 * iteration: other processes only add time, and short iterations are sometimes undisturbed. A
 * sample is the median of several forks, because the addresses of code and data differ per fork.
 *
 * @param benchmark the class with the one benchmark method
 * @param parameters its parameters, except the file
 * @param forks number of JVMs per sample
 * @param file the file to write
 */
record NanosRow(
    String name,
    String measure,
    Class<?> benchmark,
    Map<String, String> parameters,
    int forks,
    Written file,
    Unit unit,
    Target target)
    implements Row {

  /** The kind of file. */
  enum Written {
    /** Writes are so fast that a nanosecond more is visible. */
    NULL_DEVICE,
    /** Untagged, in memory if possible. */
    UNTAGGED,
    /** Tagged and observed, on the disk. */
    OBSERVED,
    /** Tagged, on the disk. */
    TAGGED
  }

  private static final Target WRITE_LIMIT = new Target.DifferenceAtMost(2, Unit.NANOSECONDS);
  private static final double OPEN_MICROS_LIMIT = 5;
  private static final Path MEMORY_FILE_SYSTEM = Path.of("/dev/shm");
  private static final Path NULL_DEVICE = Path.of("/dev/null");
  private static final double OBSERVED_RATIO_LIMIT = 1.01;
  private static final double BYTE_RATIO_LIMIT = 1;

  static {
    // Ignores the lock against concurrent runs: each pair reports the CPU share of other processes.
    System.setProperty("jmh.ignoreLock", "true");
  }

  static NanosRow writeToNullDevice(String name, String measure) {
    return write(name, measure, 1, 8, Written.NULL_DEVICE, WRITE_LIMIT);
  }

  static NanosRow writeToFile(String name, String measure, int bytes) {
    return write(name, measure, bytes, 6, Written.UNTAGGED, WRITE_LIMIT);
  }

  static NanosRow observedWrite(String name, String measure, int bytes) {
    Target target = new Target.RatioAtMost(OBSERVED_RATIO_LIMIT);
    return write(name, measure, bytes, 4, Written.OBSERVED, target);
  }

  private static NanosRow write(
      String name, String measure, int bytes, int forks, Written file, Target target) {
    return new NanosRow(
        name,
        measure,
        ChannelWrite.class,
        Map.of("bytes", Integer.toString(bytes)),
        forks,
        file,
        Unit.NANOSECONDS,
        target);
  }

  static NanosRow taggedByte(String name, String measure) {
    return new NanosRow(
        name,
        measure,
        ByteWrite.class,
        Map.of(),
        4,
        Written.TAGGED,
        Unit.NANOSECONDS,
        new Target.RatioAtMost(BYTE_RATIO_LIMIT));
  }

  static NanosRow open(String name, String measure) {
    return new NanosRow(
        name,
        measure,
        UntaggedOpen.class,
        Map.of(),
        2,
        Written.UNTAGGED,
        Unit.MICROSECONDS,
        new Target.DifferenceAtMost(OPEN_MICROS_LIMIT, Unit.MICROSECONDS));
  }

  @Override
  public Optional<String> whyNot(Bench bench) {
    return bench.whyNoAgent();
  }

  @Override
  public Session open(Bench bench) throws IOException {
    Path written = written(bench);
    String agent = bench.agentArgument(agentOptions(bench, written));
    return new Session() {
      @Override
      public double subject() throws IOException {
        return sample(bench, written, Optional.of(agent));
      }

      @Override
      public double peer() throws IOException {
        return sample(bench, written, Optional.empty());
      }

      @Override
      public void close() throws IOException {
        if (file != Written.NULL_DEVICE) {
          Files.delete(written);
        }
      }
    };
  }

  private String agentOptions(Bench bench, Path written) {
    return switch (file) {
      case NULL_DEVICE, UNTAGGED -> bench.scratch().file("tagged") + "/**";
      case TAGGED -> written + ",write=sync";
      case OBSERVED -> written + ",mode=observe";
    };
  }

  private Path written(Bench bench) throws IOException {
    if (file == Written.NULL_DEVICE) {
      return NULL_DEVICE;
    }
    boolean inMemory = file == Written.UNTAGGED && Files.isWritable(MEMORY_FILE_SYSTEM);
    Path directory = inMemory ? MEMORY_FILE_SYSTEM : bench.scratch().directory();
    Path made = Files.createTempFile(directory, "dio-bench-", null);
    made.toFile().deleteOnExit(); // May be outside of the scratch directory.
    return made;
  }

  private double sample(Bench bench, Path written, Optional<String> agent) throws IOException {
    Effort effort = bench.effort();
    TimeValue iteration = TimeValue.milliseconds(effort.nanosIteration().toMillis());
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include("^" + benchmark.getName() + "\\.")
            .param("file", written.toString())
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
