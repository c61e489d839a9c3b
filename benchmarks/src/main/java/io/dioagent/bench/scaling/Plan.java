package io.dioagent.bench.scaling;

import io.dioagent.bench.Study;
import io.dioagent.bench.io.OpenFilesLimit;
import io.dioagent.runtime.api.RuntimeOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * The measurements of the study.
 *
 * @param rounds number of samples of each side of each point
 * @param warmUp warm-up of a sample
 * @param measured measured time of a sample
 * @param series all series
 */
record Plan(int rounds, Duration warmUp, Duration measured, List<Series> series) {
  /** The names of the series. */
  static final List<String> NAMES = List.of("channels", "threads", "sizes", "depths", "files");

  private static final int KIB = 1 << 10;
  private static final int MIB = 1 << 20;
  private static final int IO_BYTES = 4 * KIB;

  private static final int[] SIZES = {
    512, KIB, 4 * KIB, 16 * KIB, 64 * KIB, 256 * KIB, MIB, 4 * MIB, 16 * MIB
  };
  private static final long SMALL_FILE_BYTES = 16 * KIB;
  private static final long FILE_BYTES = 256L * MIB;

  Plan {
    series = List.copyOf(series);
  }

  /**
   * Makes a plan.
   *
   * @param extent the extent of the study
   * @param descriptors limit of descriptors of a process; empty for no limit
   * @param freeBytes free bytes on the disk
   * @param hasFio whether there is fio, the peer of the depths
   */
  static Plan of(Study.Extent extent, OptionalLong descriptors, long freeBytes, boolean hasFio) {
    Plan plan = ofAll(extent, descriptors, freeBytes, hasFio);
    return new Plan(
        plan.rounds,
        plan.warmUp,
        plan.measured,
        plan.series.stream().filter(series -> extent.includes(series.name())).toList());
  }

  private static Plan ofAll(
      Study.Extent extent, OptionalLong descriptors, long freeBytes, boolean hasFio) {
    int rounds = extent.rounds();
    return switch (extent.length()) {
      case QUICK ->
          new Plan(
              rounds,
              Duration.ofMillis(50),
              Duration.ofMillis(100),
              List.of(
                  channels(new int[] {1, 20}, descriptors),
                  threads(new int[] {1, 4}),
                  sizes(new int[] {512, 4 * KIB, MIB}, 16L * MIB),
                  depths(new int[] {1, 8}, 16L * MIB, hasFio),
                  files(new long[] {MIB, 16L * MIB}, freeBytes)));
      case SHORT -> large(rounds, 150, 350, 256L * MIB, descriptors, freeBytes, hasFio);
      case FULL -> large(rounds, 250, 600, 16L << 30, descriptors, freeBytes, hasFio);
    };
  }

  private static Plan large(
      int rounds,
      int warmUpMillis,
      int measuredMillis,
      long maxFileBytes,
      OptionalLong descriptors,
      long freeBytes,
      boolean hasFio) {
    return new Plan(
        rounds,
        Duration.ofMillis(warmUpMillis),
        Duration.ofMillis(measuredMillis),
        List.of(
            channels(new int[] {1, 10, 100, 1000, 10_000}, descriptors),
            threads(powersOfTwo(64)),
            sizes(SIZES, FILE_BYTES),
            depths(powersOfTwo(RuntimeOptions.MAX_QUEUE_DEPTH), FILE_BYTES, hasFio),
            files(
                IntStream.of(1, 16, 256, 4096, 16_384)
                    .mapToLong(mebibytes -> (long) mebibytes * MIB)
                    .filter(bytes -> bytes <= maxFileBytes)
                    .toArray(),
                freeBytes)));
  }

  /** If the descriptors do not suffice, the last count is as large as they allow. */
  private static Series channels(int[] counts, OptionalLong descriptors) {
    long possible =
        descriptors.isEmpty()
            ? Integer.MAX_VALUE
            : OpenFilesLimit.channelsOf(descriptors.getAsLong());
    int largest = counts[counts.length - 1];
    IntStream fewer = IntStream.of(counts).filter(count -> count <= possible);
    int[] measured =
        possible >= largest
            ? fewer.toArray()
            : IntStream.concat(fewer, IntStream.of((int) possible)).distinct().toArray();
    Optional<String> leftOut =
        possible >= largest
            ? Optional.empty()
            : Optional.of(
                "%,d channels: under the agent they take %,d descriptors, the hard limit is %,d"
                    .formatted(largest, OpenFilesLimit.neededBy(largest), descriptors.getAsLong()));
    Workload one = new Workload(1, SMALL_FILE_BYTES, 1, IO_BYTES, 0);
    return new Series(
        "channels",
        "4 KiB by one thread through each of its open channels in turn, a file of 16 KiB each",
        "open channels",
        Series.Peer.JDK_DIRECT,
        false,
        points(measured, 1, one::withFiles),
        leftOut);
  }

  private static Series threads(int[] counts) {
    Workload one = new Workload(1, 16L * MIB, 1, IO_BYTES, 0);
    return new Series(
        "threads",
        "4 KiB by each thread over a file of its own of 16 MiB",
        "threads",
        Series.Peer.JDK_DIRECT,
        false,
        points(counts, 1, one::withThreads),
        Optional.empty());
  }

  private static Series sizes(int[] bytes, long fileBytes) {
    Workload one = new Workload(1, fileBytes, 1, IO_BYTES, 0);
    return new Series(
        "sizes",
        "one thread over a file of %,d MiB".formatted(fileBytes / MIB),
        "KiB per write",
        Series.Peer.JDK_DIRECT,
        true,
        points(bytes, KIB, one::withIoBytes),
        Optional.of(
            "JDK DIRECT below 4 KiB, which it refuses; dio-agent writes through the page cache there,"
                + " writes back and drops the pages"));
  }

  private static Series depths(int[] counts, long fileBytes, boolean hasFio) {
    Workload one = new Workload(1, fileBytes, 1, IO_BYTES, 1);
    return new Series(
        "depths",
        "4 KiB by one thread over a file of %,d MiB, through the runtime's queue"
            .formatted(fileBytes / MIB),
        "writes in flight",
        Series.Peer.FIO,
        false,
        points(counts, 1, one::withDepth),
        hasFio ? Optional.empty() : Optional.of("fio, which is not here: apt-get install fio"));
  }

  /** Includes sizes up to half of the free space of the disk. */
  private static Series files(long[] bytes, long freeBytes) {
    Workload one = new Workload(1, FILE_BYTES, 1, IO_BYTES, 0);
    List<Point> points = new ArrayList<>();
    List<String> tooLarge = new ArrayList<>();
    for (long fileBytes : bytes) {
      if (2 * fileBytes <= freeBytes) {
        points.add(new Point((double) fileBytes / MIB, one.withFileBytes(fileBytes)));
      } else {
        tooLarge.add("%,d MiB".formatted(fileBytes / MIB));
      }
    }
    return new Series(
        "files",
        "4 KiB by one thread over a file",
        "size of the file in MiB",
        Series.Peer.JDK_DIRECT,
        false,
        points,
        tooLarge.isEmpty()
            ? Optional.empty()
            : Optional.of(
                "files of %s: the disk has %,d MiB free"
                    .formatted(String.join(", ", tooLarge), freeBytes / MIB)));
  }

  private static List<Point> points(int[] values, double unit, IntFunction<Workload> workload) {
    return IntStream.of(values)
        .mapToObj(value -> new Point(value / unit, workload.apply(value)))
        .toList();
  }

  private static int[] powersOfTwo(int last) {
    return IntStream.iterate(1, value -> value <= last, value -> 2 * value).toArray();
  }
}
