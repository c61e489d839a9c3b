package io.dioagent.agent.apps;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;

/** The file that the ways of {@link AsyncApp} write. Immutable. */
final class AsyncFile {
  static final int BLOCK = 4096;

  private final Path path;

  AsyncFile(Path path) {
    this.path = path;
  }

  static byte[] bytes(int length, long seed) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  AsynchronousFileChannel open(OpenOption... options) throws IOException {
    return AsynchronousFileChannel.open(
        path, options.length > 0 ? options : new OpenOption[] {StandardOpenOption.WRITE});
  }

  AsynchronousFileChannel open(ExecutorService executor) throws IOException {
    return AsynchronousFileChannel.open(path, Set.of(StandardOpenOption.WRITE), executor);
  }

  /** Returns a path in the file's directory. */
  Path sibling(String name) {
    return path.resolveSibling(name);
  }

  String check(byte[] expected, long offset) throws IOException {
    byte[] found = new byte[expected.length];
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      ByteBuffer rest = ByteBuffer.wrap(found);
      while (rest.hasRemaining() && channel.read(rest, offset + rest.position()) > 0) {}
    }
    return Arrays.equals(expected, found) ? "there" : "NOT there";
  }
}
