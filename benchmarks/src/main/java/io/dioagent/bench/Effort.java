package io.dioagent.bench;

import java.time.Duration;
import java.util.List;

/**
 * How much work one sample is.
 *
 * @param warmUp run before measuring, in the same process
 * @param measured then measured
 * @param fileBytes size of the preallocated files that are written over
 * @param streamBytes size of the files whose streaming is timed
 * @param cacheBytes size of the files of whose pages it is asked how many stay in memory
 * @param documentBytes size of the documents that an application indexes
 * @param nanosForkDivisor a row's number of JMH forks is divided by this
 * @param nanosWarmUps JMH's warm-up iterations
 * @param nanosIterations JMH's measured iterations
 * @param nanosIteration length of each
 * @param starts JVM starts per start-up sample
 * @param jvmOptions of the forked JVMs, but for those of JMH
 */
public record Effort(
    Duration warmUp,
    Duration measured,
    long fileBytes,
    long streamBytes,
    long cacheBytes,
    long documentBytes,
    int nanosForkDivisor,
    int nanosWarmUps,
    int nanosIterations,
    Duration nanosIteration,
    int starts,
    List<String> jvmOptions) {

  private static final long MIB = 1L << 20;

  /** Long enough to mean something. */
  static final Effort FULL =
      new Effort(
          Duration.ofSeconds(2),
          Duration.ofSeconds(3),
          1024 * MIB,
          1024 * MIB,
          4096 * MIB,
          2048 * MIB,
          1,
          50,
          50,
          Duration.ofMillis(10),
          3,
          List.of());

  /** Long enough to see what is far off. */
  static final Effort SHORT =
      new Effort(
          Duration.ofMillis(300),
          Duration.ofMillis(500),
          256 * MIB,
          256 * MIB,
          256 * MIB,
          64 * MIB,
          4,
          20,
          30,
          Duration.ofMillis(10),
          2,
          List.of());

  /** Just long enough to show that all of it runs. */
  static final Effort QUICK =
      new Effort(
          Duration.ofMillis(50),
          Duration.ofMillis(100),
          16 * MIB,
          16 * MIB,
          16 * MIB,
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
}
