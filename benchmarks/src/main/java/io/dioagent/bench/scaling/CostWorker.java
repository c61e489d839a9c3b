package io.dioagent.bench.scaling;

import io.dioagent.bench.io.DirectFiles;
import io.dioagent.bench.io.PageCache;
import io.dioagent.bench.work.Pattern;
import io.dioagent.bench.work.Rate;
import io.dioagent.bench.work.SyncWriter;
import io.dioagent.bench.work.Verifier;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Writes blocks at random positions with several threads. Each thread writes through its own
 * channels in turn, with a file per channel. A sample of the blocks is checked.
 */
public final class CostWorker {
  private static final int BLOCKS_CHECKED = 256;

  private final List<Lane> lanes;
  private volatile boolean over;

  private CostWorker(List<Lane> lanes) {
    this.lanes = lanes;
  }

  /**
   * Returns the arguments for {@link #main}.
   *
   * @param directory the directory of the files, named by their numbers from 0
   */
  static List<String> arguments(
      SyncWriter.Kind kind, Path directory, Workload workload, Duration warmUp, Duration measured) {
    return List.of(
        kind.name(),
        directory.toString(),
        Integer.toString(workload.files()),
        Integer.toString(workload.threads()),
        Integer.toString(workload.ioBytes()),
        Long.toString(warmUp.toNanos()),
        Long.toString(measured.toNanos()));
  }

  public static void main(String[] arguments) throws IOException, InterruptedException {
    SyncWriter.Kind kind = SyncWriter.Kind.valueOf(arguments[0]);
    Path directory = Path.of(arguments[1]);
    int files = Integer.parseInt(arguments[2]);
    int threads = Integer.parseInt(arguments[3]);
    Pattern pattern = new Pattern(Integer.parseInt(arguments[4]), System.nanoTime());
    OpenOption[] readOptions =
        Workload.isOfWholeBlocks(pattern.blockBytes())
            ? new OpenOption[] {StandardOpenOption.READ, DirectFiles.DIRECT}
            : new OpenOption[] {StandardOpenOption.READ};
    List<Lane> lanes = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      lanes.add(new Lane(pattern, readOptions));
    }
    try {
      for (int i = 0; i < files; i++) {
        lanes.get(i % threads).open(kind, directory.resolve(Integer.toString(i)));
      }
      new CostWorker(lanes).measure(Long.parseLong(arguments[5]), Long.parseLong(arguments[6]));
    } finally {
      for (Lane lane : lanes) {
        lane.close();
      }
    }
    for (Lane lane : lanes) {
      lane.verify(Math.max(1, BLOCKS_CHECKED / files));
    }
  }

  private void measure(long warmUpNanos, long measuredNanos)
      throws IOException, InterruptedException {
    ExecutorService threads = Executors.newFixedThreadPool(lanes.size());
    try {
      List<Future<Void>> running =
          lanes.stream().map(lane -> threads.submit(untilOver(lane))).toList();
      Rate.print(this::writes, warmUpNanos, measuredNanos);
      over = true;
      for (Future<Void> one : running) {
        one.get();
      }
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    } finally {
      over = true;
      threads.shutdown();
    }
  }

  private Callable<Void> untilOver(Lane lane) {
    return () -> {
      while (!over) {
        lane.writeNext();
      }
      return null;
    };
  }

  private long writes() {
    return lanes.stream().mapToLong(lane -> lane.writes.get()).sum();
  }

  /** The state of one thread; other threads read only its number of writes. */
  private static final class Lane {
    private final Pattern pattern;
    private final ByteBuffer block;
    private final SplittableRandom random = new SplittableRandom();
    private final List<Path> files = new ArrayList<>();
    private final List<SyncWriter> writers = new ArrayList<>();
    private final List<BitSet> written = new ArrayList<>();
    private final AtomicLong writes = new AtomicLong();
    private final OpenOption[] readOptions;
    private int blocksPerFile;

    Lane(Pattern pattern, OpenOption... readOptions) {
      this.pattern = pattern;
      this.readOptions = readOptions;
      block = DirectFiles.allocate(pattern.blockBytes());
      pattern.fill(block);
    }

    /** Opens a file and writes once, because the first write through a channel costs more. */
    void open(SyncWriter.Kind kind, Path file) throws IOException {
      blocksPerFile = Math.toIntExact(Files.size(file) / pattern.blockBytes());
      files.add(file);
      writers.add(kind.open(file));
      written.add(new BitSet());
      write(writers.size() - 1);
    }

    void writeNext() throws IOException {
      write((int) (writes.get() % writers.size()));
      writes.lazySet(writes.get() + 1);
    }

    private void write(int file) throws IOException {
      int number = random.nextInt(blocksPerFile);
      long position = (long) number * block.capacity();
      writers.get(file).writeBlock(block, pattern, position);
      written.get(file).set(number);
    }

    void close() throws IOException {
      for (SyncWriter writer : writers) {
        writer.close();
      }
    }

    /** Reads back the first blocks of each file; all would take longer than the writes. */
    void verify(int blocksOfFile) throws IOException {
      for (int i = 0; i < files.size(); i++) {
        BitSet checked = new BitSet();
        written.get(i).stream().limit(blocksOfFile).forEach(checked::set);
        Verifier.verify(files.get(i), pattern, checked, readOptions);
        PageCache.evict(files.get(i)); // So that the next sample starts with the same state.
      }
    }
  }
}
