package io.dioagent.bench.neighbours;

import io.dioagent.bench.io.DirectFiles;
import io.dioagent.bench.work.Answer;
import io.dioagent.bench.work.Pattern;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Writes a stream to a new file at a steady rate, until the reader has measured. */
public final class StreamNeighbour {
  static final String BYTES_PER_SECOND = "bytesPerSecond";
  private static final int CHUNK_BYTES = 64 << 10;

  private StreamNeighbour() {}

  /**
   * Returns the arguments for {@link #main}.
   *
   * @param lead time of writing before it counts as busy
   */
  static List<String> arguments(Path file, long bytesPerSecond, Duration lead, Signals signals) {
    return List.of(
        file.toString(),
        Long.toString(bytesPerSecond),
        Long.toString(lead.toNanos()),
        signals.directory().toString());
  }

  public static void main(String[] arguments) throws IOException, InterruptedException {
    Path file = Path.of(arguments[0]);
    long intervalNanos = CHUNK_BYTES * 1_000_000_000L / Long.parseLong(arguments[1]);
    Busy busy = new Busy(Long.parseLong(arguments[2]), new Signals(Path.of(arguments[3])));
    Pattern pattern = new Pattern(CHUNK_BYTES, System.nanoTime());
    ByteBuffer chunk = DirectFiles.allocate(CHUNK_BYTES);
    pattern.fill(chunk);
    long position = 0;
    long start = System.nanoTime();
    long due = start;
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      while (!busy.isOver()) {
        pattern.stamp(chunk, position);
        chunk.clear();
        while (chunk.hasRemaining()) {
          position += channel.write(chunk);
        }
        due += intervalNanos;
        TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
      }
      Answer.print(BYTES_PER_SECOND, position * 1e9 / (System.nanoTime() - start));
    }
  }
}
