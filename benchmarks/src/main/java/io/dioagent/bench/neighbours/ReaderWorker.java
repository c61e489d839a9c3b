package io.dioagent.bench.neighbours;

import io.dioagent.bench.work.Answer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongPredicate;
import org.HdrHistogram.Histogram;

/**
 * Reads random blocks at a steady rate through the page cache, with one thread. A latency is the
 * service time of one read (fio's clat), without the delay of a late start after a slow read.
 * Between two reads it spins, so that no wake-up is measured.
 */
public final class ReaderWorker {
  static final int BLOCK_BYTES = 4096;

  /**
   * Reads longer than this count as slow. A read from memory takes one or two microseconds, a read
   * from any disk more than this.
   */
  static final long SLOW_NANOS = 20_000;

  static final String READS = "reads";
  static final String READS_PER_SECOND = "readsPerSecond";
  static final String SLOW_READS = "slowReads";
  static final String WAITS = "waits";

  /** The percentiles in the pictures. */
  static final List<Double> PERCENTILES = List.of(50.0, 90.0, 99.0, 99.9, 99.99);

  private static final long MAX_NANOS = 60_000_000_000L;
  private static final int READS_PER_LOOK = 1000;
  private static final int FILLING_THREADS = 8;

  /** Odd, so that strides visit every block: the number of blocks is a power of two. */
  private static final long STRIDE_BLOCKS = 40_503;

  private final FileChannel channel;
  private final long blocks;
  private final long intervalNanos;
  private final ByteBuffer block = ByteBuffer.allocateDirect(BLOCK_BYTES);
  private final SplittableRandom random = new SplittableRandom();
  private final Histogram latencies = new Histogram(MAX_NANOS, 3);

  private ReaderWorker(FileChannel channel, int readsPerSecond) throws IOException {
    this.channel = channel;
    this.blocks = channel.size() / BLOCK_BYTES;
    this.intervalNanos = 1_000_000_000L / readsPerSecond;
  }

  /** Returns the arguments for {@link #main}. */
  static List<String> arguments(
      Path file, int readsPerSecond, Duration warmUp, Duration measured, Signals signals) {
    return List.of(
        file.toString(),
        Integer.toString(readsPerSecond),
        Long.toString(warmUp.toNanos()),
        Long.toString(measured.toNanos()),
        signals.directory().toString());
  }

  /** Returns the name of the answer for a percentile. */
  static String percentile(double percentile) {
    return "p" + percentile;
  }

  public static void main(String[] arguments) throws IOException, InterruptedException {
    Signals signals = new Signals(Path.of(arguments[4]));
    try (FileChannel channel = FileChannel.open(Path.of(arguments[0]), StandardOpenOption.READ)) {
      readAll(channel);
      ReaderWorker worker = new ReaderWorker(channel, Integer.parseInt(arguments[1]));
      long warmUpNanos = Long.parseLong(arguments[2]);
      worker.readUntil(elapsedNanos -> elapsedNanos > warmUpNanos);
      signals.set(Signals.Signal.WARM);
      worker.readUntil(elapsedNanos -> signals.isSet(Signals.Signal.BUSY));
      worker.measure(Long.parseLong(arguments[3]));
    } finally {
      signals.set(Signals.Signal.DONE);
    }
  }

  /**
   * Reads each block once in an order without a stream, as a database fills the page cache. The
   * kernel would treat the pages of a stream as read often.
   */
  private static void readAll(FileChannel channel) throws IOException, InterruptedException {
    ExecutorService threads = Executors.newFixedThreadPool(FILLING_THREADS);
    try {
      List<Callable<Void>> parts = new ArrayList<>();
      for (int i = 0; i < FILLING_THREADS; i++) {
        int first = i;
        parts.add(() -> readEvery(channel, first));
      }
      for (Future<Void> part : threads.invokeAll(parts)) {
        part.get();
      }
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    } finally {
      threads.shutdown();
    }
  }

  private static Void readEvery(FileChannel channel, int first) throws IOException {
    ByteBuffer block = ByteBuffer.allocateDirect(BLOCK_BYTES);
    long blocks = channel.size() / BLOCK_BYTES;
    for (long i = first; i < blocks; i += FILLING_THREADS) {
      read(channel, block, i * STRIDE_BLOCKS % blocks);
    }
    return null;
  }

  private void measure(long durationNanos) throws IOException {
    latencies.reset();
    long waits = ProcFile.waits();
    long start = System.nanoTime();
    readUntil(elapsedNanos -> elapsedNanos > durationNanos);
    double seconds = (System.nanoTime() - start) / 1e9;
    Answer.print(WAITS, (double) ProcFile.waits() - waits);
    Answer.print(READS, (double) latencies.getTotalCount());
    Answer.print(READS_PER_SECOND, latencies.getTotalCount() / seconds);
    Answer.print(SLOW_READS, (double) latencies.getCountBetweenValues(SLOW_NANOS, MAX_NANOS));
    for (double percentile : PERCENTILES) {
      Answer.print(percentile(percentile), (double) latencies.getValueAtPercentile(percentile));
    }
  }

  /** Reads at the rate, and catches up after delays. */
  private void readUntil(LongPredicate isOver) throws IOException {
    long start = System.nanoTime();
    long due = start;
    do {
      for (int i = 0; i < READS_PER_LOOK; i++) {
        while (System.nanoTime() - due < 0) {
          Thread.onSpinWait();
        }
        long number = random.nextLong(blocks);
        long before = System.nanoTime();
        read(channel, block, number);
        latencies.recordValue(Math.min(MAX_NANOS, System.nanoTime() - before));
        due += intervalNanos;
      }
    } while (!isOver.test(System.nanoTime() - start));
  }

  private static void read(FileChannel channel, ByteBuffer block, long number) throws IOException {
    block.clear();
    int count = channel.read(block, number * BLOCK_BYTES);
    if (count != BLOCK_BYTES) {
      throw new IOException(count + " of " + BLOCK_BYTES + " bytes read");
    }
  }
}
