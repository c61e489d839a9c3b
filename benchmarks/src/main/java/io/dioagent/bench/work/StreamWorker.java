package io.dioagent.bench.work;

import io.dioagent.bench.io.DirectFiles;
import io.dioagent.bench.io.StreamShape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Writes a file as a stream of chunks, and closes it. The first eighth is the warm-up, and is also
 * forced if the rest is.
 */
public final class StreamWorker {
  private static final int WARM_UP_SHARE = 8;

  private final StreamShape shape;
  private final Pattern pattern;
  private final ByteBuffer chunk;

  private StreamWorker(StreamShape shape, long salt) {
    this.shape = shape;
    this.pattern = new Pattern(shape.chunkBytes(), salt);
    this.chunk = DirectFiles.allocate(shape.chunkBytes());
    pattern.fill(chunk);
  }

  /** Returns the arguments for {@link #main}. */
  public static List<String> arguments(Path file, StreamShape shape, long salt) {
    return List.of(
        file.toString(),
        Integer.toString(shape.chunkBytes()),
        Long.toString(shape.chunks()),
        Boolean.toString(shape.fresh()),
        Boolean.toString(shape.jdkDirect()),
        Boolean.toString(shape.forced()),
        Long.toString(salt));
  }

  public static void main(String[] arguments) throws IOException {
    Path file = Path.of(arguments[0]);
    StreamShape shape =
        new StreamShape(
            Integer.parseInt(arguments[1]),
            Long.parseLong(arguments[2]),
            Boolean.parseBoolean(arguments[3]),
            Boolean.parseBoolean(arguments[4]),
            Boolean.parseBoolean(arguments[5]));
    StreamWorker worker = new StreamWorker(shape, Long.parseLong(arguments[6]));
    try (AgentCounters counters = AgentCounters.start()) {
      Answer.print(Answer.BYTES_PER_SECOND, worker.bytesPerSecond(file));
      Answer.printWritten(shape.lengthBytes());
      counters.print();
    }
  }

  private double bytesPerSecond(Path file) throws IOException {
    long warmUpChunks = shape.chunks() / WARM_UP_SHARE;
    long start;
    try (FileChannel channel = FileChannel.open(file, options())) {
      write(channel, 0, warmUpChunks);
      start = System.nanoTime();
      write(channel, warmUpChunks, shape.chunks());
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    return (shape.chunks() - warmUpChunks) * shape.chunkBytes() / seconds;
  }

  private Set<OpenOption> options() {
    Set<OpenOption> options = new HashSet<>();
    options.add(StandardOpenOption.WRITE);
    if (shape.fresh()) {
      options.add(StandardOpenOption.CREATE_NEW);
    }
    if (shape.jdkDirect()) {
      options.add(DirectFiles.DIRECT);
    }
    return options;
  }

  private void write(FileChannel channel, long fromChunk, long toChunk) throws IOException {
    for (long i = fromChunk; i < toChunk; i++) {
      pattern.stamp(chunk, i * shape.chunkBytes());
      chunk.clear();
      while (chunk.hasRemaining()) {
        channel.write(chunk);
      }
    }
    if (shape.forced()) {
      channel.force(false);
    }
  }
}
