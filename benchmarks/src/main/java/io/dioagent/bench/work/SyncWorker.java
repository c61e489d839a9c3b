package io.dioagent.bench.work;

import io.dioagent.bench.io.DirectFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;

/** Overwrites a file with one thread, one aligned block after another, and checks the result. */
public final class SyncWorker {
  private final SyncWriter writer;
  private final Pattern pattern;
  private final int blocks;
  private final ByteBuffer block;
  private final BitSet written = new BitSet();
  private int next;
  private long writes;

  private SyncWorker(SyncWriter writer, Pattern pattern, long fileBytes) {
    this.writer = writer;
    this.pattern = pattern;
    this.blocks = Math.toIntExact(fileBytes / pattern.blockBytes());
    this.block = DirectFiles.allocate(pattern.blockBytes());
    pattern.fill(block);
  }

  /** Returns the arguments for {@link #main} for an application's plain FileChannel. */
  public static List<String> channel(Path file, int ioBytes, Duration warmUp, Duration measured) {
    return arguments(SyncWriter.Kind.CHANNEL, file, ioBytes, warmUp, measured);
  }

  /** Returns the arguments for {@link #main} for {@code ExtendedOpenOption.DIRECT}. */
  public static List<String> jdkDirect(Path file, int ioBytes, Duration warmUp, Duration measured) {
    return arguments(SyncWriter.Kind.JDK_DIRECT, file, ioBytes, warmUp, measured);
  }

  /** Returns the arguments for {@link #main} for the runtime. */
  public static List<String> runtime(Path file, int ioBytes, Duration warmUp, Duration measured) {
    return arguments(SyncWriter.Kind.RUNTIME, file, ioBytes, warmUp, measured);
  }

  private static List<String> arguments(
      SyncWriter.Kind kind, Path file, int ioBytes, Duration warmUp, Duration measured) {
    return List.of(
        kind.name(),
        file.toString(),
        Integer.toString(ioBytes),
        Long.toString(warmUp.toNanos()),
        Long.toString(measured.toNanos()));
  }

  public static void main(String[] arguments) throws IOException {
    Path file = Path.of(arguments[1]);
    Pattern pattern = new Pattern(Integer.parseInt(arguments[2]), System.nanoTime());
    SyncWorker worker;
    try (AgentCounters counters = AgentCounters.start()) {
      try (SyncWriter writer = SyncWriter.Kind.valueOf(arguments[0]).open(file)) {
        worker = new SyncWorker(writer, pattern, Files.size(file));
        worker.writesPerSecond(Long.parseLong(arguments[3]));
        Answer.print(
            Answer.WRITES_PER_SECOND, worker.writesPerSecond(Long.parseLong(arguments[4])));
      }
      Answer.printWritten(worker.writes * pattern.blockBytes());
      counters.print();
    }
    Verifier.verify(file, pattern, worker.written, StandardOpenOption.READ, DirectFiles.DIRECT);
  }

  private double writesPerSecond(long durationNanos) throws IOException {
    return Rate.of(this::writeNext, () -> writes, durationNanos);
  }

  private void writeNext() throws IOException {
    long position = (long) next * block.capacity();
    writer.writeBlock(block, pattern, position);
    written.set(next);
    next = (next + 1) % blocks;
    writes++;
  }
}
