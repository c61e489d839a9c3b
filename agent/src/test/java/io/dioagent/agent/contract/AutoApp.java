package io.dioagent.agent.contract;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.DSYNC;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;

/**
 * Writes files of {@link #FILE_BYTES}, each in a way of its own. Argument: a directory.
 *
 * <pre>
 * log            lines of 100 bytes are appended
 * blocks         whole blocks at positions
 * synced         whole blocks on a channel that is open with DSYNC
 * extended       asynchronous whole blocks that extend the file
 * overwritten    bytes of a channel, and over them whole blocks, asynchronous, half of all
 * lines          bytes of a channel, and over them lines of 100 bytes, asynchronous
 * </pre>
 */
public final class AutoApp {
  static final int LINE = 100;
  static final int BLOCK = 4096;
  static final int FILE_BYTES = LINE * BLOCK;

  private AutoApp() {}

  /** Ends when all files are closed. */
  public static void main(String[] arguments) throws Exception {
    Path directory = Path.of(arguments[0]);
    byte[] content = content();
    byChannel(directory.resolve("log"), content, LINE, CREATE, APPEND);
    byChannel(directory.resolve("blocks"), content, BLOCK, CREATE, WRITE);
    byChannel(directory.resolve("synced"), content, BLOCK, CREATE, WRITE, DSYNC);
    asynchronously(directory.resolve("extended"), content, 0, BLOCK);
    byte[] other = new byte[FILE_BYTES];
    System.arraycopy(content, 0, other, 0, FILE_BYTES / 2);
    byChannel(directory.resolve("overwritten"), other, 8000, CREATE, WRITE);
    asynchronously(directory.resolve("overwritten"), content, FILE_BYTES / 2, BLOCK);
    byChannel(directory.resolve("lines"), other, 8000, CREATE, WRITE);
    asynchronously(directory.resolve("lines"), content, FILE_BYTES / 2, LINE);
    System.out.println("written");
  }

  /** The bytes of each file at the end. */
  static byte[] content() {
    byte[] content = new byte[FILE_BYTES];
    for (int i = 0; i < FILE_BYTES; i++) {
      content[i] = (byte) (i * 17 + i / BLOCK);
    }
    return content;
  }

  private static void byChannel(Path file, byte[] content, int pieceBytes, OpenOption... options)
      throws IOException {
    try (FileChannel channel = FileChannel.open(file, options)) {
      for (int at = 0; at < content.length; at += pieceBytes) {
        int length = Math.min(pieceBytes, content.length - at);
        if (channel.write(ByteBuffer.wrap(content, at, length)) != length) {
          throw new AssertionError("short at " + at);
        }
      }
    }
  }

  private static void asynchronously(Path file, byte[] content, int from, int pieceBytes)
      throws Exception {
    try (AsynchronousFileChannel channel = AsynchronousFileChannel.open(file, CREATE, WRITE)) {
      List<Future<Integer>> writes = new ArrayList<>();
      for (int at = from; at < content.length; at += pieceBytes) {
        writes.add(channel.write(ByteBuffer.wrap(content, at, pieceBytes), at));
      }
      for (Future<Integer> write : writes) {
        if (write.get() != pieceBytes) {
          throw new AssertionError("short");
        }
      }
    }
  }
}
