package io.dioagent.samples;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * Writes blocks to a file, one after the other, and prints the result of each write as it ends.
 *
 * <p>{@code PlainWriter FILE [COUNT]}. A failed write is printed, and the next block follows.
 */
public final class PlainWriter {
  private static final int BLOCK_BYTES = 4096;

  private PlainWriter() {}

  /** Runs the application. */
  public static void main(String[] args) throws IOException {
    if (args.length < 1 || args.length > 2) {
      throw Usage.exit("PlainWriter FILE [COUNT]");
    }
    int count = args.length > 1 ? Integer.parseInt(args[1]) : 8;
    int failed = 0;
    try (FileChannel channel =
        FileChannel.open(Path.of(args[0]), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      for (int i = 0; i < count; i++) {
        long position = (long) i * BLOCK_BYTES;
        String what = "write " + i + " at " + position + ": ";
        try {
          System.out.println(what + channel.write(block(i), position) + " bytes");
        } catch (IOException e) {
          failed++;
          System.out.println(what + e);
        }
      }
    }
    System.out.println("done: " + count + " writes, " + failed + " failed");
  }

  private static ByteBuffer block(int number) {
    byte[] block = new byte[BLOCK_BYTES];
    Arrays.fill(block, (byte) ('a' + number % 26));
    return ByteBuffer.wrap(block);
  }
}
