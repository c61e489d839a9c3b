package io.dioagent.agent.host.soak;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.CompletionHandler;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/** Every way in which an application writes a range of a file, opening and closing it. */
final class Ways {
  private Ways() {}

  /** Those that write anywhere, and have ended when they return or throw. */
  static List<OwnFile.Way> synchronous() {
    return List.of(
        Ways::positional,
        Ways::relative,
        Ways::gather,
        Ways::forced,
        Ways::randomAccess,
        Ways::singleBytes,
        Ways::direct);
  }

  /** Those that write anywhere, by other threads. */
  static List<OwnFile.Way> asynchronous() {
    return List.of(Ways::future, Ways::handler);
  }

  /** Those that write behind all that is there. */
  static List<OwnFile.Way> appending() {
    return List.of(Ways::append, Ways::appendingStream, Ways::appendingBytes, Ways::positional);
  }

  private static FileChannel open(Path file) throws IOException {
    return FileChannel.open(file, StandardOpenOption.WRITE);
  }

  private static void positional(Path file, byte[] bytes, int length, long offset)
      throws IOException {
    try (FileChannel channel = open(file)) {
      writeAll(channel, ByteBuffer.wrap(bytes, 0, length), offset);
    }
  }

  private static void writeAll(FileChannel channel, ByteBuffer buffer, long offset)
      throws IOException {
    int start = buffer.position();
    while (buffer.hasRemaining()) {
      int unused = channel.write(buffer, offset + buffer.position() - start);
    }
  }

  private static void relative(Path file, byte[] bytes, int length, long offset)
      throws IOException {
    try (FileChannel channel = open(file)) {
      channel.position(offset);
      ByteBuffer first = ByteBuffer.wrap(bytes, 0, length / 2);
      ByteBuffer second = ByteBuffer.wrap(bytes, length / 2, length - length / 2);
      while (first.hasRemaining()) {
        int unused = channel.write(first);
      }
      while (second.hasRemaining()) {
        int unused = channel.write(second);
      }
    }
  }

  private static void gather(Path file, byte[] bytes, int length, long offset) throws IOException {
    ByteBuffer[] buffers = {
      ByteBuffer.wrap(bytes, 0, length / 3),
      ByteBuffer.wrap(bytes, length / 3, length / 3),
      ByteBuffer.wrap(bytes, length / 3 * 2, length - length / 3 * 2)
    };
    try (FileChannel channel = open(file)) {
      channel.position(offset);
      while (buffers[2].hasRemaining()) {
        long unused = channel.write(buffers);
      }
    }
  }

  private static void forced(Path file, byte[] bytes, int length, long offset) throws IOException {
    try (FileChannel channel = open(file)) {
      writeAll(channel, ByteBuffer.wrap(bytes, 0, length), offset);
      channel.force(length % 2 == 0);
    }
  }

  private static void direct(Path file, byte[] bytes, int length, long offset) throws IOException {
    ByteBuffer memory = ByteBuffer.allocateDirect(length);
    memory.put(bytes, 0, length).flip();
    try (FileChannel channel = open(file)) {
      writeAll(channel, memory, offset);
    }
  }

  private static void future(Path file, byte[] bytes, int length, long offset) throws Exception {
    try (AsynchronousFileChannel channel =
        AsynchronousFileChannel.open(file, StandardOpenOption.WRITE)) {
      ByteBuffer first = ByteBuffer.wrap(bytes, 0, length / 2);
      ByteBuffer second = ByteBuffer.wrap(bytes, length / 2, length - length / 2);
      Future<Integer> one = first.hasRemaining() ? channel.write(first, offset) : null;
      Future<Integer> two = null;
      try {
        two = channel.write(second, offset + length / 2);
      } finally {
        await(one, length / 2);
      }
      await(two, length - length / 2);
    }
  }

  private static void handler(Path file, byte[] bytes, int length, long offset) throws Exception {
    CompletableFuture<Integer> ended = new CompletableFuture<>();
    CompletionHandler<Integer, Object> completes =
        new CompletionHandler<>() {
          @Override
          public void completed(Integer written, Object attachment) {
            boolean unused = ended.complete(written);
          }

          @Override
          public void failed(Throwable failure, Object attachment) {
            boolean unused = ended.completeExceptionally(failure);
          }
        };
    try (AsynchronousFileChannel channel =
        AsynchronousFileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(bytes, 0, length), offset, null, completes);
      await(ended, length);
    }
  }

  /** An interrupt does not end the wait: the write goes on meanwhile. */
  private static void await(Future<Integer> write, int expectedBytes) throws Exception {
    if (write == null) {
      return;
    }
    boolean interrupted = false;
    try {
      while (true) {
        try {
          int written = write.get();
          if (written != expectedBytes) {
            throw new IOException(written + " bytes written, expected " + expectedBytes);
          }
          return;
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static void randomAccess(Path file, byte[] bytes, int length, long offset)
      throws IOException {
    try (RandomAccessFile random = new RandomAccessFile(file.toFile(), "rw")) {
      random.seek(offset);
      random.write(bytes, 0, length);
    }
  }

  /** The last bytes one by one. */
  private static void singleBytes(Path file, byte[] bytes, int length, long offset)
      throws IOException {
    int single = Math.min(length, 50);
    try (RandomAccessFile random = new RandomAccessFile(file.toFile(), "rw")) {
      random.seek(offset);
      random.write(bytes, 0, length - single);
      for (int i = length - single; i < length; i++) {
        random.write(bytes[i]);
      }
    }
  }

  private static void append(Path file, byte[] bytes, int length, long offset) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.APPEND)) {
      ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, length);
      while (buffer.hasRemaining()) {
        int unused = channel.write(buffer);
      }
    }
  }

  private static void appendingStream(Path file, byte[] bytes, int length, long offset)
      throws IOException {
    try (OutputStream stream =
        Files.newOutputStream(file, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
      stream.write(bytes, 0, length);
    }
  }

  private static void appendingBytes(Path file, byte[] bytes, int length, long offset)
      throws IOException {
    try (FileOutputStream stream = new FileOutputStream(file.toFile(), true)) {
      stream.write(bytes, 0, length - 1);
      stream.write(bytes[length - 1]);
    }
  }
}
