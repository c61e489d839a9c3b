package io.dioagent.agent.contract;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Random;
import java.util.zip.CRC32;

/**
 * Reads files in ways of their own, and then waits for a line of input. Argument: a directory.
 *
 * <pre>
 * once      by a channel, 64 KiB at a time
 * twice     by a stream, 32 KiB at a time, to the end and once more
 * random    by a RandomAccessFile, 4 KiB at a time
 * </pre>
 */
public final class ReadAutoApp {
  static final int FILE_BYTES = 24 << 20;

  private ReadAutoApp() {}

  /** Prints the checksum of each pass over a file. */
  public static void main(String[] arguments) throws IOException {
    Path directory = Path.of(arguments[0]);
    System.out.println("once " + byChannel(directory.resolve("once")));
    System.out.println("twice " + byStream(directory.resolve("twice")));
    System.out.println("twice " + byStream(directory.resolve("twice")));
    atRandom(directory.resolve("random"));
    System.out.println("read");
    int unused = System.in.read();
  }

  /** The bytes of each file. */
  static byte[] content() {
    byte[] content = new byte[FILE_BYTES];
    new Random(5).nextBytes(content);
    return content;
  }

  static long checksum(byte[] bytes) {
    CRC32 sum = new CRC32();
    sum.update(bytes);
    return sum.getValue();
  }

  private static long byChannel(Path file) throws IOException {
    CRC32 sum = new CRC32();
    ByteBuffer buffer = ByteBuffer.allocateDirect(64 << 10);
    try (FileChannel channel = FileChannel.open(file)) {
      while (channel.read(buffer) >= 0) {
        sum.update(buffer.flip());
        buffer.clear();
      }
    }
    return sum.getValue();
  }

  private static long byStream(Path file) throws IOException {
    CRC32 sum = new CRC32();
    byte[] bytes = new byte[32 << 10];
    try (FileInputStream stream = new FileInputStream(file.toFile())) {
      for (int read = stream.read(bytes); read >= 0; read = stream.read(bytes)) {
        sum.update(bytes, 0, read);
      }
    }
    return sum.getValue();
  }

  private static void atRandom(Path file) throws IOException {
    Random random = new Random(6);
    byte[] content = content();
    byte[] bytes = new byte[4096];
    try (RandomAccessFile opened = new RandomAccessFile(file.toFile(), "r")) {
      for (int i = 0; i < 500; i++) {
        int at = random.nextInt(FILE_BYTES - bytes.length);
        opened.seek(at);
        opened.readFully(bytes);
        if (!ByteBuffer.wrap(bytes).equals(ByteBuffer.wrap(content, at, bytes.length))) {
          throw new AssertionError("wrong bytes at " + at);
        }
      }
    }
  }
}
