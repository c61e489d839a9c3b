package io.dioagent.bench.work;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Writes to a channel. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ChannelWrite {
  /** An existing file. */
  @Param("")
  public String file;

  /** Length of the write. */
  @Param("1")
  public int bytes;

  private FileChannel channel;
  private ByteBuffer buffer;

  /** Opens the file. */
  @Setup
  public void open() throws IOException {
    channel = FileChannel.open(Path.of(file), StandardOpenOption.WRITE);
    buffer = ByteBuffer.allocateDirect(bytes);
  }

  /** Closes the file. */
  @TearDown
  public void close() throws IOException {
    channel.close();
  }

  /** Overwrites the same bytes. */
  @Benchmark
  public int write() throws IOException {
    buffer.clear();
    return channel.write(buffer, 0);
  }
}
