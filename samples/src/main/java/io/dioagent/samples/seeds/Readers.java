package io.dioagent.samples.seeds;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** A buffered and a mapped reader. Each reads a file repeatedly until closed. */
final class Readers implements AutoCloseable {
  private static final int CHUNK_BYTES = 64 << 10;

  private final FileChannel channel;
  private final MappedByteBuffer mapped;
  private final AtomicLong buffered = new AtomicLong();
  private final AtomicLong mappedReads = new AtomicLong();
  private final List<Thread> threads =
      List.of(
          new Thread(this::readBuffered, "buffered-reader"),
          new Thread(this::readMapped, "mapped-reader"));
  private volatile boolean stopped;

  /** Starts both readers. */
  Readers(Path file) throws IOException {
    channel = FileChannel.open(file, StandardOpenOption.READ);
    mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
    threads.forEach(thread -> thread.setDaemon(true));
    threads.forEach(Thread::start);
  }

  /** Returns the number of chunks that the slower reader has read. */
  long reads() {
    return Math.min(buffered.get(), mappedReads.get());
  }

  private void readBuffered() {
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES);
    try {
      for (long at = 0; !stopped; at = (at + CHUNK_BYTES) % mapped.capacity()) {
        channel.read(chunk.clear(), at);
        buffered.incrementAndGet();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void readMapped() {
    byte[] chunk = new byte[CHUNK_BYTES];
    for (int at = 0; !stopped; at = (at + CHUNK_BYTES) % mapped.capacity()) {
      mapped.get(at, chunk);
      mappedReads.incrementAndGet();
    }
  }

  @Override
  public void close() throws IOException {
    stopped = true;
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    channel.close();
  }
}
