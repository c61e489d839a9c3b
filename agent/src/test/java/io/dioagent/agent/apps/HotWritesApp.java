package io.dioagent.agent.apps;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Writes a few bytes often enough for a JIT compiler. Argument: the file. */
public final class HotWritesApp {
  private static final int WRITES = 30_000;
  private static final int BYTES = 8;

  private HotWritesApp() {}

  /** Writes at a position, and at the channel's own, in turn. */
  public static void main(String[] arguments) throws IOException {
    ByteBuffer data = ByteBuffer.allocateDirect(BYTES);
    try (FileChannel channel =
        FileChannel.open(
            Path.of(arguments[0]), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      for (int i = 0; i < WRITES; i++) {
        int written = channel.write(data.clear(), 0);
        written += channel.write(data.clear());
        if (written != 2 * BYTES) {
          throw new AssertionError(written + ", expected " + 2 * BYTES);
        }
      }
    }
    System.out.println("done");
  }
}
