package io.dioagent.bench.work;

import com.sun.nio.file.ExtendedOpenOption;
import io.dioagent.bench.io.DirectFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.BitSet;
import java.util.List;
import java.util.Set;

/** An application that streams a file out chunk by chunk, forces it once, and checks the result. */
public final class PipelinedWorker {
  /** Compiles what the measured pass runs. */
  private static final long WARM_UP_BYTES = 256 << 20;

  private final Path file;
  private final Set<OpenOption> options;
  private final Pattern pattern;
  private final ByteBuffer chunk;

  private PipelinedWorker(Path file, Set<OpenOption> options, Pattern pattern) {
    this.file = file;
    this.options = options;
    this.pattern = pattern;
    chunk = DirectFiles.allocate(pattern.blockBytes());
    pattern.fill(chunk);
  }

  /** How the file is opened. */
  public enum Kind {
    /** As applications do; pipelined if the agent makes it so. */
    CHANNEL,

    /** As applications can do for themselves. */
    JDK_DIRECT,

    /** As {@link #CHANNEL}, told apart for the reader of a command line. */
    JDK_BUFFERED;

    private Set<OpenOption> options() {
      return this == JDK_DIRECT
          ? Set.of(StandardOpenOption.WRITE, ExtendedOpenOption.DIRECT)
          : Set.of(StandardOpenOption.WRITE);
    }
  }

  /** What is there before. */
  public enum Target {
    /** Nothing: the file grows. */
    NEW,

    /** A file that is as long, each block of it on the disk. */
    OVER
  }

  /** The arguments that {@link #main} takes. */
  public static List<String> arguments(
      Path file, Kind kind, int chunkBytes, long totalBytes, Target target) {
    return List.of(
        file.toString(),
        kind.name(),
        Integer.toString(chunkBytes),
        Long.toString(totalBytes),
        target.name());
  }

  public static void main(String[] arguments) throws IOException {
    Path file = Path.of(arguments[0]);
    Kind kind = Kind.valueOf(arguments[1]);
    Pattern pattern = new Pattern(Integer.parseInt(arguments[2]), System.nanoTime());
    int chunks = Math.toIntExact(Long.parseLong(arguments[3]) / pattern.blockBytes());
    Target target = Target.valueOf(arguments[4]);
    PipelinedWorker worker = new PipelinedWorker(file, kind.options(), pattern);
    int warmUp = (int) Math.min(chunks, WARM_UP_BYTES / pattern.blockBytes());
    double unused = worker.writesPerSecond(target, warmUp);
    if (target == Target.NEW) {
      Files.delete(file);
    }
    Answer.print(Answer.WRITES_PER_SECOND, worker.writesPerSecond(target, chunks));
    BitSet written = new BitSet();
    written.set(0, chunks);
    Verifier.verify(file, pattern, written, StandardOpenOption.READ, ExtendedOpenOption.DIRECT);
  }

  /** From the first write to the return of the force behind the last one. */
  private double writesPerSecond(Target target, int chunks) throws IOException {
    if (target == Target.NEW) {
      Files.createFile(file);
    }
    try (FileChannel channel = FileChannel.open(file, options)) {
      long start = System.nanoTime();
      for (int i = 0; i < chunks; i++) {
        long position = (long) i * chunk.capacity();
        pattern.stamp(chunk, position);
        chunk.clear();
        int count = channel.write(chunk);
        if (count != chunk.capacity()) {
          throw new IOException(
              count + " of " + chunk.capacity() + " bytes written at " + position);
        }
      }
      channel.force(false);
      return chunks * 1e9 / (System.nanoTime() - start);
    }
  }
}
