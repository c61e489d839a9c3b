package io.dioagent.agent.apps;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * Writes files in all the ways that a JVM has, each into a file named after the way, and checks
 * their content. Each file gets 64 KiB, aligned; prints {@code WAY ok}.
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
    run(directory, "stream-arrays", WaysToWriteApp::streamArrays);
    run(directory, "stream-bytes", WaysToWriteApp::streamBytes);
    run(directory, "random-access-arrays", WaysToWriteApp::randomAccessArrays);
    run(directory, "random-access-values", WaysToWriteApp::randomAccessValues);
    run(directory, "transfer-to", WaysToWriteApp::transferTo);
    run(directory, "transfer-from", WaysToWriteApp::transferFrom);
    run(directory, "files-copy", WaysToWriteApp::filesCopy);
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

  private static void streamArrays(Path file, byte[] data) throws IOException {
    try (FileOutputStream stream = new FileOutputStream(file.toFile())) {
      stream.write(data, 0, 40_000);
      stream.write(Arrays.copyOfRange(data, 40_000, BYTES));
    }
  }

  private static void streamBytes(Path file, byte[] data) throws IOException {
    try (FileOutputStream stream = new FileOutputStream(file.toFile())) {
      for (byte each : data) {
        stream.write(each);
      }
    }
  }

  private static void randomAccessArrays(Path file, byte[] data) throws IOException {
    try (RandomAccessFile random = new RandomAccessFile(file.toFile(), "rw")) {
      random.seek(5);
      random.write(data, 5, 40_000);
      expect(40_005, random.getFilePointer());
      random.write(Arrays.copyOfRange(data, 40_005, BYTES));
      expect(BYTES, random.length());
      random.seek(0);
      random.write(data, 0, 5);
    }
  }

  private static void randomAccessValues(Path file, byte[] data) throws IOException {
    ByteBuffer values = ByteBuffer.wrap(data);
    try (RandomAccessFile random = new RandomAccessFile(file.toFile(), "rws")) {
      random.writeLong(values.getLong());
      random.writeInt(values.getInt());
      random.writeShort(values.getShort());
      random.writeByte(values.get());
      random.writeBoolean(false);
      random.seek(random.getFilePointer() - 1);
      StringBuilder text = new StringBuilder();
      while (values.remaining() > 1025) {
        text.append(values.getChar());
      }
      random.writeChars(text.toString());
      byte[] rest = new byte[values.remaining()];
      values.get(rest);
      random.writeBytes(new String(rest, StandardCharsets.ISO_8859_1));
    }
  }

  /** A file that is not tagged, to copy from; gone with the JVM. */
  private static Path source(byte[] data) throws IOException {
    Path source = Files.createTempFile("ways-to-write", ".source");
    source.toFile().deleteOnExit();
    return Files.write(source, data);
  }

  private static void transferTo(Path file, byte[] data) throws IOException {
    try (FileChannel from = FileChannel.open(source(data));
        FileChannel to = open(file)) {
      expect(BYTES, from.transferTo(0, BYTES, to));
      expect(BYTES, to.position());
    }
  }

  private static void transferFrom(Path file, byte[] data) throws IOException {
    try (FileChannel from = FileChannel.open(source(data));
        FileChannel to = open(file)) {
      expect(BYTES, to.transferFrom(from, 0, BYTES));
      expect(BYTES, from.position());
    }
  }

  private static void filesCopy(Path file, byte[] data) throws IOException {
    Path unused = Files.copy(source(data), file, StandardCopyOption.REPLACE_EXISTING);
  }

  private static void expect(long expected, long actual) {
    if (expected != actual) {
      throw new AssertionError(actual + ", expected " + expected);
    }
  }
}
