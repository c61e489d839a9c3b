package io.dioagent.bench;

import java.time.Duration;
import java.util.List;

/**
 * The amount of work per sample.
 *
 * @param warmUp time before measuring, in the same process
 * @param measured measured time
 * @param fileBytes size of preallocated files, which are overwritten
 * @param streamBytes size of files in stream rows
 * @param cacheBytes size of files in page-cache rows
 * @param settled time after the close of a file, until its pages and the cost are counted
 * @param documentBytes size of the indexed documents
 * @param nanosForkDivisor divisor of a row's number of JMH forks
 * @param nanosWarmUps JMH's warm-up iterations
 * @param nanosIterations JMH's measured iterations
 * @param nanosIteration length of a JMH iteration
 * @param starts JVM starts per start-up sample
 * @param jvmOptions options of the forked JVMs, except those of JMH
 */
public record Effort(
    Duration warmUp,
    Duration measured,
    long fileBytes,
    long streamBytes,
    long cacheBytes,
    Duration settled,
    long documentBytes,
    int nanosForkDivisor,
    int nanosWarmUps,
    int nanosIterations,
    Duration nanosIteration,
    int starts,
    List<String> jvmOptions) {

  private static final long MIB = 1L << 20;

  /** For figures to quote. */
  static final Effort FULL =
      new Effort(
          Duration.ofSeconds(2),
          Duration.ofSeconds(3),
          1024 * MIB,
          1024 * MIB,
          4096 * MIB,
          Duration.ofSeconds(1),
          2048 * MIB,
          1,
          50,
          50,
          Duration.ofMillis(10),
          3,
          List.of());

  /** For the order of magnitude. */
  static final Effort SHORT =
      new Effort(
          Duration.ofMillis(300),
          Duration.ofMillis(500),
          256 * MIB,
          256 * MIB,
          256 * MIB,
          Duration.ofSeconds(1),
          64 * MIB,
          4,
          20,
          30,
          Duration.ofMillis(10),
          2,
          List.of());

  /** For a smoke test. */
  static final Effort QUICK =
      new Effort(
          Duration.ofMillis(50),
          Duration.ofMillis(100),
          16 * MIB,
          16 * MIB,
          16 * MIB,
          Duration.ofMillis(20),
          4 * MIB,
          8,
          2,
          3,
          Duration.ofMillis(10),
          1,
          List.of("-XX:TieredStopAtLevel=1"));

  public Effort {
    jvmOptions = List.copyOf(jvmOptions);
  }

  /**
   * Returns the length of a file in proportion to {@link #streamBytes}, or to {@link #cacheBytes}
   * for a file that is longer than these streams.
   *
   * @param fullBytes its length in a full run
   */
  public long scaled(long fullBytes) {
    return fullBytes > FULL.streamBytes
        ? fullBytes / (FULL.cacheBytes / cacheBytes)
        : fullBytes / (FULL.streamBytes / streamBytes);
  }
}
