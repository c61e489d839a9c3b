package io.dioagent.agent.contract;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;

/**
 * Writes 64 MiB in all, a share in each way, by pieces of 8,000 and of 100 bytes in turn, closes
 * the files, and waits. Argument: a directory. Its file {@link #KEPT} is read before it is written.
 */
public final class BehindApp {
  /** Its pages are cached before. */
  static final String KEPT = "kept";

  static final List<String> WAYS =
      List.of("channel", "positioned", "append", "stream", "random", "gather", "asynchronous");

  /** Bytes of each file. */
  static final int FILE_BYTES = (64 << 20) / 8 / 8100 * 8100;

  private static final int LARGE = 8000;
  private static final int SMALL = 100;
  private static final int PAIRS = FILE_BYTES / (LARGE + SMALL);
  private static final int IN_FLIGHT = 8;

  private BehindApp() {}

  /** Ends with its standard input. */
  public static void main(String[] arguments) throws Exception {
    Path directory = Path.of(arguments[0]);
    byte[] content = content();
    try (FileInputStream in = new FileInputStream(directory.resolve(KEPT).toFile())) {
      require(content.length, in.readAllBytes().length);
    }
    try (FileChannel kept = FileChannel.open(directory.resolve(KEPT), WRITE)) {
      write(content, (piece, offset) -> kept.write(piece));
    }
    for (String way : WAYS) {
      write(way, directory.resolve(way), content);
    }
    System.out.println("closed");
    int unused = System.in.read();
  }

  /** The bytes of each file. */
  static byte[] content() {
    byte[] content = new byte[FILE_BYTES];
    for (int i = 0; i < FILE_BYTES; i++) {
      content[i] = (byte) (i * 31 + i / 4096);
    }
    return content;
  }

  /** Writes a piece that belongs at an offset; returns how many bytes. */
  private interface Writer {
    int write(ByteBuffer piece, int offset) throws IOException;
  }

  private static void require(long expected, long actual) {
    if (actual != expected) {
      throw new AssertionError(actual + ", expected " + expected);
    }
  }

  private static void write(byte[] content, Writer writer) throws IOException {
    for (int pair = 0; pair < PAIRS; pair++) {
      pair(content, pair, writer);
    }
  }

  private static void pair(byte[] content, int pair, Writer writer) throws IOException {
    int at = pair * (LARGE + SMALL);
    require(LARGE, writer.write(ByteBuffer.wrap(content, at, LARGE), at));
    require(SMALL, writer.write(ByteBuffer.wrap(content, at + LARGE, SMALL), at + LARGE));
  }

  private static void write(String way, Path file, byte[] content) throws Exception {
    switch (way) {
      case "channel", "positioned", "append", "gather" -> byChannel(way, file, content);
      case "stream" -> {
        try (FileOutputStream stream = new FileOutputStream(file.toFile())) {
          write(content, (piece, offset) -> written(stream, piece));
        }
      }
      case "random" -> byRandomAccess(file, content);
      default -> asynchronously(file, content);
    }
  }

  private static int written(FileOutputStream stream, ByteBuffer piece) throws IOException {
    byte[] bytes = new byte[piece.remaining()];
    piece.get(bytes);
    stream.write(bytes);
    return bytes.length;
  }

  private static void byChannel(String way, Path file, byte[] content) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, CREATE, way.equals("append") ? APPEND : WRITE)) {
      switch (way) {
        case "positioned" -> write(content, channel::write);
        case "gather" -> {
          for (int pair = 0; pair < PAIRS; pair++) {
            int at = pair * (LARGE + SMALL);
            ByteBuffer[] parts = {
              ByteBuffer.wrap(content, at, LARGE), ByteBuffer.wrap(content, at + LARGE, SMALL)
            };
            require(LARGE + SMALL, channel.write(parts));
          }
        }
        default -> write(content, (piece, offset) -> channel.write(piece));
      }
    }
  }

  /** Each second pair first, then the others, within groups. */
  private static void byRandomAccess(Path file, byte[] content) throws IOException {
    int group = 16;
    try (RandomAccessFile random = new RandomAccessFile(file.toFile(), "rw")) {
      Writer writer =
          (piece, offset) -> {
            random.seek(offset);
            int length = piece.remaining();
            random.write(content, offset, length);
            return length;
          };
      for (int first = 0; first < PAIRS; first += group) {
        int end = Math.min(PAIRS, first + group);
        for (int parity = 0; parity < 2; parity++) {
          for (int pair = first + parity; pair < end; pair += 2) {
            pair(content, pair, writer);
          }
        }
      }
    }
  }

  private static void asynchronously(Path file, byte[] content) throws Exception {
    try (AsynchronousFileChannel channel = AsynchronousFileChannel.open(file, CREATE, WRITE)) {
      List<Future<Integer>> underWay = new ArrayList<>();
      for (int pair = 0; pair < PAIRS; pair++) {
        int at = pair * (LARGE + SMALL);
        underWay.add(channel.write(ByteBuffer.wrap(content, at, LARGE), at));
        underWay.add(channel.write(ByteBuffer.wrap(content, at + LARGE, SMALL), at + LARGE));
        if (underWay.size() >= IN_FLIGHT || pair == PAIRS - 1) {
          int sum = 0;
          for (Future<Integer> write : underWay) {
            sum += write.get();
          }
          require(underWay.size() / 2L * (LARGE + SMALL), sum);
          underWay.clear();
        }
      }
    }
  }

  /** Makes the file that is read before. */
  static void makeKept(Path directory) throws IOException {
    Files.write(directory.resolve(KEPT), content());
  }
}
