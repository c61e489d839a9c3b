package io.dioagent.bench.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Writes files past the page cache with the JDK alone. */
public final class DirectFiles {
  /** ExtendedOpenOption.DIRECT, by reflection because javac of JDK 25 warns of each mention. */
  public static final OpenOption DIRECT = jdkDirect();

  private static final int ALIGNMENT_BYTES = 4096;
  private static final int CHUNK_BYTES = 1 << 20;

  private DirectFiles() {}

  /** Returns whether files in this directory can be written directly. */
  public static boolean possibleIn(Path directory) throws IOException {
    Path file = directory.resolve("trial");
    try {
      create(file, ALIGNMENT_BYTES);
      return true;
    } catch (UnsupportedOperationException | IOException e) {
      return false;
    } finally {
      Files.deleteIfExists(file);
    }
  }

  /** Makes a file with every block on disk and none in the page cache. */
  public static void create(Path file, long lengthBytes) throws IOException {
    ByteBuffer chunk = allocate((int) Math.min(CHUNK_BYTES, lengthBytes));
    while (chunk.hasRemaining()) {
      chunk.put((byte) 0x5A);
    }
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, DIRECT)) {
      for (long position = 0; position < lengthBytes; position += chunk.capacity()) {
        chunk.clear();
        channel.write(chunk, position);
      }
      channel.force(true);
    }
  }

  private static OpenOption jdkDirect() {
    try {
      Class<?> options = Class.forName("com.sun.nio.file.ExtendedOpenOption");
      return (OpenOption) options.getField("DIRECT").get(null);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("a JDK without direct I/O", e);
    }
  }

  /** Allocates memory aligned for direct I/O. */
  public static ByteBuffer allocate(int lengthBytes) {
    return ByteBuffer.allocateDirect(lengthBytes + 2 * ALIGNMENT_BYTES)
        .alignedSlice(ALIGNMENT_BYTES)
        .slice(0, lengthBytes);
  }
}
