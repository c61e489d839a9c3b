package io.dioagent.agent.apps;

import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.Future;

/** Asynchronous writes that succeed, one or many, from all kinds of buffers. */
final class AsyncWrites {
  private final AsyncFile file;

  AsyncWrites(AsyncFile file) {
    this.file = file;
  }

  String future() throws Exception {
    byte[] bytes = AsyncFile.bytes(4 * AsyncFile.BLOCK, 1);
    ByteBuffer source = ByteBuffer.wrap(bytes);
    try (AsynchronousFileChannel channel = file.open()) {
      Future<Integer> future = channel.write(source, 0);
      int written = future.get();
      return written
          + " at "
          + source.position()
          + " "
          + future.isDone()
          + future.isCancelled()
          + " "
          + file.check(bytes, 0);
    }
  }

  String handler() throws Exception {
    AsyncCalls calls = new AsyncCalls(64);
    byte[] bytes = AsyncFile.bytes(64 * AsyncFile.BLOCK, 2);
    try (AsynchronousFileChannel channel = file.open()) {
      for (int i = 0; i < 64; i++) {
        channel.write(
            ByteBuffer.wrap(bytes, i * AsyncFile.BLOCK, AsyncFile.BLOCK),
            (long) i * AsyncFile.BLOCK,
            i,
            calls);
      }
      calls.await();
    }
    return new TreeSet<>(calls.await()).size()
        + " of "
        + calls.all.size()
        + " "
        + file.check(bytes, 0);
  }

  String odd() throws Exception {
    AsyncCalls calls = new AsyncCalls(50);
    byte[] bytes = AsyncFile.bytes(50 * 1001, 3);
    try (AsynchronousFileChannel channel = file.open()) {
      for (int i = 0; i < 50; i++) {
        channel.write(ByteBuffer.wrap(bytes, i * 1001, 1001), 77 + i * 1001L, i, calls);
      }
      calls.await();
    }
    return new TreeSet<>(calls.await()).size()
        + " of "
        + calls.all.size()
        + " "
        + file.check(bytes, 77);
  }

  String grow() throws Exception {
    Path growing = file.sibling("growing");
    byte[] bytes = AsyncFile.bytes(100 * 3000, 4);
    List<Future<Integer>> all = new ArrayList<>();
    try (AsynchronousFileChannel channel =
        AsynchronousFileChannel.open(
            growing, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      for (int i = 0; i < 100; i++) {
        all.add(channel.write(ByteBuffer.wrap(bytes, i * 3000, 3000), i * 3000L));
      }
      int sum = 0;
      for (Future<Integer> one : all) {
        sum += one.get();
      }
      channel.force(true);
      return sum + " " + channel.size() + " " + Arrays.equals(bytes, Files.readAllBytes(growing));
    } finally {
      Files.delete(growing);
    }
  }

  String buffers() throws Exception {
    byte[] bytes = AsyncFile.bytes(2 * AsyncFile.BLOCK, 6);
    ByteBuffer direct = ByteBuffer.allocateDirect(2 * AsyncFile.BLOCK).put(bytes).flip();
    Path other = file.sibling("mapped");
    Files.write(other, bytes);
    MappedByteBuffer mapped;
    try (FileChannel channel = FileChannel.open(other, StandardOpenOption.READ)) {
      mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, bytes.length);
    }
    ByteBuffer[] sources = {
      ByteBuffer.wrap(bytes),
      direct,
      ByteBuffer.wrap(bytes).asReadOnlyBuffer(),
      direct.duplicate().position(100).limit(5000).slice(),
      ByteBuffer.wrap(bytes, 3, 4096).slice(),
      mapped,
      ByteBuffer.wrap(bytes).position(AsyncFile.BLOCK)
    };
    StringBuilder said = new StringBuilder();
    try (AsynchronousFileChannel channel = file.open()) {
      for (ByteBuffer source : sources) {
        ByteBuffer copy = source.duplicate();
        byte[] expected = new byte[copy.remaining()];
        copy.get(expected);
        int written = channel.write(source, 8L * AsyncFile.BLOCK).get();
        said.append(written).append(source.hasRemaining() ? " left " : " ");
        said.append(file.check(expected, 8L * AsyncFile.BLOCK)).append(", ");
      }
    }
    Files.delete(other);
    return said.toString();
  }

  /** A lock, and writes beside it. */
  String locked() throws Exception {
    try (AsynchronousFileChannel channel = file.open()) {
      FileLock lock = channel.lock(0, 100, false).get();
      int written = channel.write(ByteBuffer.allocate(AsyncFile.BLOCK), 0).get();
      boolean valid = lock.isValid();
      lock.release();
      return written + " " + valid;
    }
  }

  /** Any number at once, from several threads; no byte at the wrong place. */
  String many() throws Exception {
    int count = 2000;
    byte[] bytes = AsyncFile.bytes(count * AsyncFile.BLOCK, 7);
    AsyncCalls calls = new AsyncCalls(count);
    try (AsynchronousFileChannel channel = file.open()) {
      List<Thread> writers = new ArrayList<>();
      for (int t = 0; t < 4; t++) {
        int first = t;
        Thread writer =
            new Thread(
                () -> {
                  for (int i = first; i < count; i += 4) {
                    channel.write(
                        ByteBuffer.wrap(bytes, i * AsyncFile.BLOCK, AsyncFile.BLOCK),
                        (long) i * AsyncFile.BLOCK,
                        i,
                        calls);
                  }
                });
        writers.add(writer);
        writer.start();
      }
      for (Thread writer : writers) {
        writer.join();
      }
      calls.await();
    }
    return new TreeSet<>(calls.await()).size()
        + " of "
        + calls.all.size()
        + " "
        + file.check(bytes, 0);
  }
}
