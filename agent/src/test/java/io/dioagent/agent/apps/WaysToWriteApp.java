package io.dioagent.agent.apps;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * Writes files in all the ways that go through channels, each into a file named after the way, and
 * checks what is in them. Each file gets 64 KiB, aligned; prints {@code WAY ok}.
 */
public final class WaysToWriteApp {
  private static final int BYTES = 64 << 10;

  private WaysToWriteApp() {}

  private interface Way {
    void write(Path file, byte[] data) throws Exception;
  }

  /** Argument: the directory. */
  public static void main(String[] arguments) throws Exception {
    Path directory = Path.of(arguments[0]);
    run(directory, "open", WaysToWriteApp::byOpen);
    run(directory, "positional", WaysToWriteApp::positional);
    run(directory, "gather", WaysToWriteApp::gather);
    run(directory, "append", WaysToWriteApp::append);
    run(directory, "files-write", Files::write);
    run(directory, "files-stream", WaysToWriteApp::stream);
    run(directory, "random-access-file", WaysToWriteApp::randomAccessFile);
    run(directory, "file-output-stream", WaysToWriteApp::fileOutputStream);
    run(directory, "asynchronous", WaysToWriteApp::asynchronous);
    run(directory, "direct-buffer", WaysToWriteApp::directBuffer);
  }

  private static void run(Path directory, String name, Way way) throws Exception {
    byte[] data = new byte[BYTES];
    for (int i = 0; i < data.length; i++) {
      data[i] = (byte) (i * 31 + name.hashCode());
    }
    Path file = directory.resolve(name + ".dat");
    way.write(file, data);
    if (!Arrays.equals(data, Files.readAllBytes(file))) {
      throw new AssertionError(name + ": other bytes than written");
    }
    System.out.println(name + " ok");
  }

  private static FileChannel open(Path file) throws IOException {
    return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
  }

  private static void byOpen(Path file, byte[] data) throws IOException {
    try (FileChannel channel = open(file)) {
      ByteBuffer buffer = ByteBuffer.wrap(data);
      while (buffer.hasRemaining()) {
        int unused = channel.write(buffer);
      }
      expect(BYTES, channel.position());
      channel.force(true);
    }
  }

  private static void positional(Path file, byte[] data) throws IOException {
    try (FileChannel channel = open(file)) {
      int half = BYTES / 2;
      expect(half, channel.write(ByteBuffer.wrap(data, half, half), half));
      expect(half, channel.write(ByteBuffer.wrap(data, 0, half), 0));
      expect(0, channel.position());
    }
  }

  private static void gather(Path file, byte[] data) throws IOException {
    try (FileChannel channel = open(file)) {
      ByteBuffer[] parts = {
        ByteBuffer.wrap(data, 0, 5),
        ByteBuffer.allocate(0),
        ByteBuffer.wrap(data, 5, 40_000),
        ByteBuffer.allocateDirect(BYTES).put(data).position(40_005)
      };
      expect(BYTES, channel.write(parts));
      expect(0, parts[3].remaining());
      expect(40_005, parts[2].position());
    }
  }

  private static void append(Path file, byte[] data) throws IOException {
    int half = BYTES / 2;
    Files.write(file, Arrays.copyOf(data, half));
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.APPEND)) {
      expect(half, channel.write(ByteBuffer.wrap(data, half, half)));
      expect(BYTES, channel.position());
    }
  }

  private static void stream(Path file, byte[] data) throws IOException {
    try (var out = Files.newOutputStream(file)) {
      out.write(data);
    }
  }

  private static void randomAccessFile(Path file, byte[] data) throws IOException {
    try (RandomAccessFile random = new RandomAccessFile(file.toFile(), "rw")) {
      expect(BYTES, random.getChannel().write(ByteBuffer.wrap(data)));
      expect(BYTES, random.getFilePointer());
    }
  }

  private static void fileOutputStream(Path file, byte[] data) throws IOException {
    try (FileOutputStream stream = new FileOutputStream(file.toFile())) {
      expect(BYTES, stream.getChannel().write(ByteBuffer.wrap(data)));
    }
  }

  private static void asynchronous(Path file, byte[] data) throws Exception {
    try (AsynchronousFileChannel channel =
        AsynchronousFileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      expect(BYTES, channel.write(ByteBuffer.wrap(data), 0).get());
    }
  }

  private static void directBuffer(Path file, byte[] data) throws IOException {
    try (FileChannel channel = open(file)) {
      ByteBuffer buffer = ByteBuffer.allocateDirect(BYTES).put(data).flip();
      expect(BYTES, channel.write(buffer));
      expect(BYTES, buffer.position());
    }
  }

  private static void expect(long expected, long actual) {
    if (expected != actual) {
      throw new AssertionError(actual + ", expected " + expected);
    }
  }
}
