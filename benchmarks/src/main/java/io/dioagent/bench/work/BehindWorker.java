package io.dioagent.bench.work;

import io.dioagent.bench.io.CacheWatch;
import io.dioagent.bench.io.StreamShape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Writes a file as a stream through the page cache, closes it, and waits for what the agent does
 * afterwards. The speed is that until the call of close if the file was forced, otherwise until
 * close has returned.
 */
public final class BehindWorker {
  private static final int WARMING_CHUNK_BYTES = 1 << 20;

  private BehindWorker() {}

  /**
   * Returns the arguments for {@link #main}.
   *
   * @param warmed whether another file has just freed the memory for this one
   * @param watched whether to count cached pages, or the cost
   * @param settled the time after the close
   */
  public static List<String> arguments(
      Path file, StreamShape shape, long salt, boolean warmed, boolean watched, Duration settled) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                file.toString(),
                Long.toString(salt),
                Boolean.toString(warmed),
                Boolean.toString(watched),
                Long.toString(settled.toNanos())));
    arguments.addAll(shape.arguments());
    return arguments;
  }

  public static void main(String[] arguments) throws IOException, InterruptedException {
    Path file = Path.of(arguments[0]);
    long salt = Long.parseLong(arguments[1]);
    boolean watched = Boolean.parseBoolean(arguments[3]);
    long settledNanos = Long.parseLong(arguments[4]);
    StreamShape shape = StreamShape.parse(arguments, 5);
    if (Boolean.parseBoolean(arguments[2])) {
      warm(file.resolveSibling(file.getFileName() + "-warming"), shape.lengthBytes());
    }
    if (watched) {
      watch(file, shape, salt, settledNanos);
    } else {
      time(file, shape, salt, settledNanos);
    }
    Answer.printWritten(shape.lengthBytes());
  }

  /** Writes another file and deletes it, so that its pages are free and the machine has them. */
  private static void warm(Path other, long lengthBytes) throws IOException {
    StreamShape shape = StreamShape.fresh(WARMING_CHUNK_BYTES, lengthBytes + WARMING_CHUNK_BYTES);
    try (ChunkWriter writer = ChunkWriter.open(other, shape)) {
      ByteBuffer chunk = ChunkWriter.allocate(shape);
      for (long i = 0; i < shape.chunks(); i++) {
        writer.write(chunk);
      }
    } finally {
      Files.delete(other);
    }
  }

  private static void time(Path file, StreamShape shape, long salt, long settledNanos)
      throws IOException, InterruptedException {
    TimedStream stream = TimedStream.write(file, shape, salt);
    TimeUnit.NANOSECONDS.sleep(settledNanos);
    Answer.print(Answer.CPU_MICROS_PER_WRITE, stream.cpuMicrosPerWrite());
    Answer.print(
        Answer.BYTES_PER_SECOND,
        shape.forced() ? stream.bytesPerSecondBeforeClose() : stream.bytesPerSecond());
    Answer.print(Answer.DESCRIPTORS, stream.descriptors());
  }

  private static void watch(Path file, StreamShape shape, long salt, long settledNanos)
      throws IOException, InterruptedException {
    try (CacheWatch watch = CacheWatch.start(file)) {
      TimedStream unused = TimedStream.write(file, shape, salt);
      TimeUnit.NANOSECONDS.sleep(settledNanos);
      Answer.print(Answer.LEFT_CACHED_BYTES, watch.bytes());
      Answer.print(Answer.MOST_CACHED_BYTES, watch.mostBytes());
    }
  }
}
