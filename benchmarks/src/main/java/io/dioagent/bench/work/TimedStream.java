package io.dioagent.bench.work;

import io.dioagent.bench.io.StreamShape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** A file written as a stream of chunks, with the times of all after the warm-up. */
final class TimedStream {
  private final StreamShape shape;
  private final Pattern pattern;
  private final ByteBuffer chunk;
  private long cpuNanosBefore;
  private long start;
  private long callOfClose;
  private long closed;
  private long descriptors;

  private TimedStream(StreamShape shape, long salt) {
    this.shape = shape;
    this.pattern = new Pattern(shape.chunkBytes(), salt);
    this.chunk = ChunkWriter.allocate(shape);
    pattern.fill(chunk);
  }

  /** Writes a file and closes it. */
  static TimedStream write(Path file, StreamShape shape, long salt) throws IOException {
    TimedStream stream = new TimedStream(shape, salt);
    stream.write(file);
    return stream;
  }

  private void write(Path file) throws IOException {
    try (ChunkWriter writer = ChunkWriter.open(file, shape)) {
      write(writer, 0, shape.warmUpChunks());
      descriptors = OpenDescriptors.of(file);
      cpuNanosBefore = ProcessCpu.nanos();
      start = System.nanoTime();
      write(writer, shape.warmUpChunks(), shape.chunks());
      callOfClose = System.nanoTime();
    }
    closed = System.nanoTime();
  }

  private void write(ChunkWriter writer, long fromChunk, long toChunk) throws IOException {
    for (long i = fromChunk; i < toChunk; i++) {
      pattern.stamp(chunk, i * shape.chunkBytes());
      writer.write(chunk);
    }
    if (shape.forced()) {
      writer.force();
    }
  }

  /** Returns the speed until close has returned. */
  double bytesPerSecond() {
    return bytesPerSecond(closed);
  }

  /** Returns the speed until the call of close. */
  double bytesPerSecondBeforeClose() {
    return bytesPerSecond(callOfClose);
  }

  private double bytesPerSecond(long end) {
    return shape.measuredChunks() * shape.chunkBytes() * 1e9 / (end - start);
  }

  /** Returns the processor time per write, with all that this process has done until now. */
  double cpuMicrosPerWrite() {
    return (ProcessCpu.nanos() - cpuNanosBefore) / 1e3 / shape.measuredChunks();
  }

  /** Returns how many descriptors this process had open on the file after the warm-up. */
  long descriptors() {
    return descriptors;
  }
}
