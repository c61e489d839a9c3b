package io.dioagent.bench.work;

import io.dioagent.bench.io.DirectFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Writes a block through each of its channels in turn, with one thread and a file per channel, and
 * checks the result.
 */
public final class ChannelsWorker {
  private final List<SyncWriter> writers = new ArrayList<>();
  private final Pattern pattern;
  private final ByteBuffer block;
  private final int blocksPerFile;

  /** The numbers of the written blocks, by writer. */
  private final List<BitSet> written = new ArrayList<>();

  private long writes;

  private ChannelsWorker(Pattern pattern, int blocksPerFile) {
    this.pattern = pattern;
    this.blocksPerFile = blocksPerFile;
    block = DirectFiles.allocate(pattern.blockBytes());
    pattern.fill(block);
  }

  /**
   * Returns the arguments for {@link #main}.
   *
   * @param directory the directory of the files, named by their numbers from 0
   */
  public static List<String> arguments(
      Path directory, int files, int ioBytes, Duration warmUp, Duration measured) {
    return List.of(
        directory.toString(),
        Integer.toString(files),
        Integer.toString(ioBytes),
        Long.toString(warmUp.toNanos()),
        Long.toString(measured.toNanos()));
  }

  public static void main(String[] arguments) throws IOException {
    Path directory = Path.of(arguments[0]);
    int files = Integer.parseInt(arguments[1]);
    Pattern pattern = new Pattern(Integer.parseInt(arguments[2]), System.nanoTime());
    int blocks = Math.toIntExact(Files.size(directory.resolve("0")) / pattern.blockBytes());
    ChannelsWorker worker = new ChannelsWorker(pattern, blocks);
    try (AgentCounters counters = AgentCounters.start()) {
      for (int i = 0; i < files; i++) {
        worker.writers.add(SyncWriter.Kind.CHANNEL.open(directory.resolve(String.valueOf(i))));
        worker.written.add(new BitSet());
        worker.writeNext(); // The first write through a channel costs more.
      }
      worker.writesPerSecond(Long.parseLong(arguments[3]));
      Answer.print(Answer.WRITES_PER_SECOND, worker.writesPerSecond(Long.parseLong(arguments[4])));
      for (SyncWriter writer : worker.writers) {
        writer.close();
      }
      Answer.printWritten(worker.writes * pattern.blockBytes());
      counters.print();
    }
    for (int i = 0; i < files; i++) {
      Verifier.verify(
          directory.resolve(String.valueOf(i)),
          pattern,
          worker.written.get(i),
          StandardOpenOption.READ,
          DirectFiles.DIRECT);
    }
  }

  private double writesPerSecond(long durationNanos) throws IOException {
    return Rate.of(this::writeNext, () -> writes, durationNanos);
  }

  private void writeNext() throws IOException {
    int file = (int) (writes % writers.size());
    int number = (int) (writes / writers.size() % blocksPerFile);
    long position = (long) number * block.capacity();
    writers.get(file).writeBlock(block, pattern, position);
    written.get(file).set(number);
    writes++;
  }
}
