package io.dioagent.bench;

import java.time.Duration;

/**
 * How much work one sample is.
 *
 * @param warmUp run before measuring, in the same process
 * @param measured then measured
 * @param fileBytes size of the preallocated files that are written over
 * @param streamBytes size of the files that are streamed
 * @param nanosForkDivisor a row's number of JMH forks is divided by this
 * @param nanosWarmUps JMH's warm-up iterations
 * @param nanosIterations JMH's measured iterations
 * @param nanosIteration length of each
 * @param starts JVM starts per start-up sample
 */
public record Effort(
    Duration warmUp,
    Duration measured,
    long fileBytes,
    long streamBytes,
    int nanosForkDivisor,
    int nanosWarmUps,
    int nanosIterations,
    Duration nanosIteration,
    int starts) {

  private static final long MIB = 1L << 20;

  /** Long enough to mean something. */
  static final Effort FULL =
      new Effort(
          Duration.ofSeconds(2),
          Duration.ofSeconds(3),
          1024 * MIB,
          1024 * MIB,
          1,
          50,
          50,
          Duration.ofMillis(10),
          3);

  /** Just long enough to show that all of it runs. */
  static final Effort QUICK =
      new Effort(
          Duration.ofMillis(200),
          Duration.ofMillis(300),
          32 * MIB,
          32 * MIB,
          8,
          4,
          5,
          Duration.ofMillis(10),
          1);
}
