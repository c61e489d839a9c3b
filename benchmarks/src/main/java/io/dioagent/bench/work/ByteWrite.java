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

/** A single byte written to a stream. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ByteWrite {
  /** The file, which exists. */
  @Param("")
  public String file;

  private FileOutputStream stream;

  /** Begins the file anew, lest it grow without end. */
  @Setup(Level.Iteration)
  public void open() throws IOException {
    stream = new FileOutputStream(file);
  }

  /** Closes it. */
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
