package io.dioagent.agent.host;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/** Writes files in several ways, forces, reads them back and closes; fails on any error. */
public final class ForbiddenCallsApp {
  private static final int LENGTH = 65536;

  private ForbiddenCallsApp() {}

  /** Takes the directory. */
  public static void main(String[] arguments) throws Exception {
    Path directory = Path.of(arguments[0]);
    byte[] expected = new byte[LENGTH];
    for (int i = 0; i < LENGTH; i++) {
      expected[i] = (byte) (i * 31 + 7);
    }
    channel(directory.resolve("channel"), expected);
    asynchronous(directory.resolve("asynchronous"), expected);
    streams(directory.resolve("stream"), expected);
    System.out.println("written and read");
  }

  private static void channel(Path file, byte[] expected) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.READ)) {
      require(LENGTH, channel.write(ByteBuffer.wrap(expected), 0));
      require(LENGTH, channel.write(ByteBuffer.wrap(expected), 0)); // Blocks that are there.
      require(1000, channel.write(ByteBuffer.wrap(expected, 777, 1000), 777));
      channel.force(true);
      ByteBuffer read = ByteBuffer.allocate(LENGTH);
      require(LENGTH, channel.read(read, 0));
      requireSame(expected, read.array());
    }
  }

  private static void asynchronous(Path file, byte[] expected) throws Exception {
    try (AsynchronousFileChannel channel =
        AsynchronousFileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.READ)) {
      require(LENGTH, channel.write(ByteBuffer.wrap(expected), 0).get());
      require(4096, channel.write(ByteBuffer.wrap(expected, 8192, 4096), 8192).get());
      channel.force(false);
      ByteBuffer read = ByteBuffer.allocate(LENGTH);
      require(LENGTH, channel.read(read, 0).get());
      requireSame(expected, read.array());
    }
  }

  private static void streams(Path file, byte[] expected) throws IOException {
    try (FileOutputStream out = new FileOutputStream(file.toFile())) {
      out.write(expected, 0, 5000);
      out.write(expected[5000]);
      out.write(expected, 5001, LENGTH - 5001);
      out.getFD().sync();
    }
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "rw")) {
      byte[] read = new byte[LENGTH];
      in.readFully(read);
      requireSame(expected, read);
      require(LENGTH, (int) in.length());
    }
  }

  private static void require(int expected, int actual) {
    if (expected != actual) {
      throw new AssertionError(actual + ", expected " + expected);
    }
  }

  private static void requireSame(byte[] expected, byte[] actual) {
    int at = Arrays.mismatch(expected, actual);
    if (at >= 0) {
      throw new AssertionError("another byte at " + at);
    }
  }
}
