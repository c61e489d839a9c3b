package io.dioagent.bench.work;

import java.io.FileOutputStream;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Writes a single byte to a stream. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ByteWrite {
  /** An existing file. */
  @Param("")
  public String file;

  private FileOutputStream stream;

  /** Truncates the file, so that it does not grow without end. */
  @Setup(Level.Iteration)
  public void open() throws IOException {
    stream = new FileOutputStream(file);
  }

  /** Closes the file. */
  @TearDown(Level.Iteration)
  public void close() throws IOException {
    stream.close();
  }

  /** Writes one byte. */
  @Benchmark
  public void write() throws IOException {
    stream.write('x');
  }
}
