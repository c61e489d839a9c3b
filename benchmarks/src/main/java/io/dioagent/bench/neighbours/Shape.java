package io.dioagent.bench.neighbours;

import io.dioagent.bench.Length;
import java.time.Duration;

/**
 * The sizes, rates and durations of the study.
 *
 * @param rounds number of samples of each variant
 * @param groupBytes common memory limit of reader and neighbour
 * @param readerFileBytes size of the reader's file
 * @param readsPerSecond rate of the reader
 * @param streamBytesPerSecond rate of the streaming neighbour
 * @param indexBytes size of the merged index
 * @param warmUp time of reading before the neighbour starts
 * @param lead time of the neighbour before the reader measures
 * @param measured measured time
 */
record Shape(
    int rounds,
    long groupBytes,
    long readerFileBytes,
    int readsPerSecond,
    long streamBytesPerSecond,
    long indexBytes,
    Duration warmUp,
    Duration lead,
    Duration measured) {
  private static final long MIB = 1L << 20;
  private static final int READS_PER_SECOND = 20_000;
  private static final long STREAM_BYTES_PER_SECOND = 300_000_000;

  static Shape of(Length length, int rounds) {
    return switch (length) {
      case QUICK ->
          new Shape(
              rounds,
              320 * MIB,
              64 * MIB,
              READS_PER_SECOND,
              STREAM_BYTES_PER_SECOND,
              16 * MIB,
              Duration.ofMillis(100),
              Duration.ofMillis(200),
              Duration.ofMillis(300));
      case SHORT -> large(rounds, Duration.ofSeconds(5));
      case FULL -> large(rounds, Duration.ofSeconds(10));
    };
  }

  private static Shape large(int rounds, Duration measured) {
    return new Shape(
        rounds,
        768 * MIB,
        512 * MIB,
        READS_PER_SECOND,
        STREAM_BYTES_PER_SECOND,
        1024 * MIB,
        Duration.ofSeconds(1),
        Duration.ofSeconds(3),
        measured);
  }
}
