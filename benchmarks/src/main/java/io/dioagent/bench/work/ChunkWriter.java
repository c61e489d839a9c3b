package io.dioagent.bench.work;

import io.dioagent.bench.io.DirectFiles;
import io.dioagent.bench.io.StreamShape;
import io.dioagent.bench.io.StreamWay;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;

/** An application's file, written chunk after chunk. */
interface ChunkWriter extends Closeable {

  /** Writes a whole chunk of {@link #allocate}. */
  void write(ByteBuffer chunk) throws IOException;

  void force() throws IOException;

  /** Allocates a chunk of the kind that the way writes without a copy by the benchmark. */
  static ByteBuffer allocate(StreamShape shape) {
    return switch (shape.way()) {
      case CHANNEL, JDK_DIRECT, APPEND -> DirectFiles.allocate(shape.chunkBytes());
      case STREAM, BUFFERED_STREAM, RANDOM_ACCESS -> ByteBuffer.allocate(shape.chunkBytes());
    };
  }

  static ChunkWriter open(Path file, StreamShape shape) throws IOException {
    return switch (shape.way()) {
      case CHANNEL, JDK_DIRECT, APPEND -> channel(FileChannel.open(file, options(shape)));
      case STREAM -> {
        FileOutputStream stream = new FileOutputStream(file.toFile());
        yield stream(stream, stream);
      }
      case BUFFERED_STREAM -> {
        FileOutputStream stream = new FileOutputStream(file.toFile());
        yield stream(stream, new BufferedOutputStream(stream));
      }
      case RANDOM_ACCESS -> randomAccess(new RandomAccessFile(file.toFile(), "rw"));
    };
  }

  private static Set<OpenOption> options(StreamShape shape) {
    Set<OpenOption> options = new HashSet<>();
    options.add(
        shape.way() == StreamWay.APPEND ? StandardOpenOption.APPEND : StandardOpenOption.WRITE);
    if (shape.fresh()) {
      options.add(StandardOpenOption.CREATE_NEW);
    }
    if (shape.way() == StreamWay.JDK_DIRECT) {
      options.add(DirectFiles.DIRECT);
    }
    return options;
  }

  private static ChunkWriter channel(FileChannel channel) {
    return new ChunkWriter() {
      @Override
      public void write(ByteBuffer chunk) throws IOException {
        chunk.clear();
        while (chunk.hasRemaining()) {
          channel.write(chunk);
        }
      }

      @Override
      public void force() throws IOException {
        channel.force(false);
      }

      @Override
      public void close() throws IOException {
        channel.close();
      }
    };
  }

  private static ChunkWriter stream(FileOutputStream file, OutputStream stream) {
    return new ChunkWriter() {
      @Override
      public void write(ByteBuffer chunk) throws IOException {
        stream.write(chunk.array(), chunk.arrayOffset(), chunk.capacity());
      }

      @Override
      public void force() throws IOException {
        stream.flush();
        file.getFD().sync();
      }

      @Override
      public void close() throws IOException {
        stream.close();
      }
    };
  }

  private static ChunkWriter randomAccess(RandomAccessFile file) {
    return new ChunkWriter() {
      @Override
      public void write(ByteBuffer chunk) throws IOException {
        file.write(chunk.array(), chunk.arrayOffset(), chunk.capacity());
      }

      @Override
      public void force() throws IOException {
        file.getFD().sync();
      }

      @Override
      public void close() throws IOException {
        file.close();
      }
    };
  }
}
