package io.dioagent.agent.apps;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Writes from a mapping whose file was truncated under it. Without an agent each write ends with
 * EFAULT. Arguments: the file to map, the file to write.
 */
public final class TruncatedMappingApp {
  private static final int BYTES = 1 << 20;

  private TruncatedMappingApp() {}

  /** Prints how each write ended. */
  public static void main(String[] arguments) throws IOException {
    Path source = Path.of(arguments[0]);
    Files.write(source, new byte[BYTES]);
    try (FileChannel in =
            FileChannel.open(source, StandardOpenOption.READ, StandardOpenOption.WRITE);
        FileChannel out =
            FileChannel.open(
                Path.of(arguments[1]), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      MappedByteBuffer mapped = in.map(FileChannel.MapMode.READ_WRITE, 0, BYTES);
      in.truncate(0);
      System.out.println("write " + ending(() -> out.write(mapped.duplicate())));
      System.out.println("pwrite " + ending(() -> out.write(mapped.duplicate(), 4096)));
      ByteBuffer[] parts = {mapped.duplicate(), mapped.duplicate()};
      System.out.println("gather " + ending(() -> out.write(parts)));
      System.out.println("position " + out.position());
      System.out.println("good " + ending(() -> out.write(ByteBuffer.allocate(BYTES))));
      System.out.println("size " + out.size());
    }
  }

  private interface Writing {
    long write() throws IOException;
  }

  private static String ending(Writing writing) {
    try {
      return String.valueOf(writing.write());
    } catch (IOException | InternalError e) {
      return e.toString();
    }
  }
}
