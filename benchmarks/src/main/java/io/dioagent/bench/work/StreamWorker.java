package io.dioagent.bench.work;

import io.dioagent.bench.io.DirectFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** An application that streams a new file out, chunk by chunk, and closes it. */
public final class StreamWorker {
  private StreamWorker() {}

  /** The arguments that {@link #main} takes. */
  public static List<String> arguments(Path file, int chunkBytes, long chunks, long salt) {
    return List.of(
        file.toString(), Integer.toString(chunkBytes), Long.toString(chunks), Long.toString(salt));
  }

  public static void main(String[] arguments) throws IOException {
    int chunkBytes = Integer.parseInt(arguments[1]);
    long chunks = Long.parseLong(arguments[2]);
    Pattern pattern = new Pattern(chunkBytes, Long.parseLong(arguments[3]));
    ByteBuffer chunk = DirectFiles.allocate(chunkBytes);
    pattern.fill(chunk);
    try (FileChannel channel =
        FileChannel.open(
            Path.of(arguments[0]), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      for (long i = 0; i < chunks; i++) {
        pattern.stamp(chunk, i * chunkBytes);
        chunk.clear();
        while (chunk.hasRemaining()) {
          channel.write(chunk);
        }
      }
    }
  }
}
