package io.dioagent.bench.row;

import io.dioagent.bench.Bench;
import io.dioagent.bench.Effort;
import io.dioagent.bench.Row;
import io.dioagent.bench.Target;
import io.dioagent.bench.Unit;
import io.dioagent.bench.io.DirectFiles;
import io.dioagent.bench.io.Fio;
import io.dioagent.bench.io.FioResult;
import io.dioagent.bench.io.JavaFork;
import io.dioagent.bench.io.Scratch;
import io.dioagent.bench.io.StreamShape;
import io.dioagent.bench.io.StreamWay;
import io.dioagent.bench.io.WriteShape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A stream of small writes, forced at its end and pipelined by the agent, beside other ways to
 * write it.
 *
 * @param growing whether the file is new, or preallocated and overwritten
 * @param peer the peer
 */
record PipelinedRow(String name, String measure, boolean growing, Peer peer) implements Row {
  private static final int CHUNK_BYTES = 8 << 10;
  private static final WriteShape FIO_SHAPE = new WriteShape(1 << 20, 8, false);

  /** The peers, with the target ratio for each. */
  enum Peer {
    /** The same writes by ExtendedOpenOption.DIRECT. */
    JDK_DIRECT(10),

    /** The same writes through the page cache. */
    JDK_BUFFERED(1),

    /** Large writes, eight in flight, by fio. */
    FIO_1M(0.7);

    private final double ratio;

    Peer(double ratio) {
      this.ratio = ratio;
    }
  }

  @Override
  public Unit unit() {
    return Unit.MEGABYTES_PER_SECOND;
  }

  @Override
  public Target target() {
    return new Target.RatioAtLeast(peer.ratio);
  }

  @Override
  public boolean submits() {
    return peer == Peer.FIO_1M;
  }

  @Override
  public Optional<String> whyNot(Bench bench) throws InterruptedException {
    return peer == Peer.FIO_1M && Fio.find(bench.commands()).isEmpty()
        ? Optional.of(Fio.MISSING)
        : bench.whyNoAgent();
  }

  @Override
  public Session open(Bench bench) throws IOException {
    Path file = bench.scratch().file(name);
    Path preallocated = bench.scratch().file(name + "-preallocated");
    DirectFiles.create(preallocated, bench.effort().streamBytes());
    return new Session() {
      @Override
      public double subject() throws IOException, InterruptedException {
        return stream(AgentMode.PIPELINED.fork(bench, target()), false);
      }

      @Override
      public double peer() throws IOException, InterruptedException {
        return peer == Peer.FIO_1M
            ? fio(bench)
            : stream(bench.plainFork(), peer == Peer.JDK_DIRECT);
      }

      private String target() {
        return (growing ? file : preallocated).toString();
      }

      private double stream(JavaFork fork, boolean jdkDirect)
          throws IOException, InterruptedException {
        long chunks = bench.effort().streamBytes() / CHUNK_BYTES;
        StreamWay way = jdkDirect ? StreamWay.JDK_DIRECT : StreamWay.CHANNEL;
        StreamShape shape = new StreamShape(way, CHUNK_BYTES, chunks, growing, true);
        try {
          return StreamSample.take(fork, Path.of(target()), shape).bytesPerSecond()
              / Unit.BYTES_PER_MEGABYTE;
        } finally {
          Scratch.free(file);
        }
      }

      private double fio(Bench bench) throws IOException, InterruptedException {
        Fio fio = Fio.find(bench.commands()).orElseThrow();
        Effort effort = bench.effort();
        Fio.Engine engine = Fio.Engine.LIBAIO;
        try {
          FioResult result =
              growing
                  ? fio.writeNew(engine, file, FIO_SHAPE, effort.streamBytes())
                  : fio.write(engine, preallocated, FIO_SHAPE, effort.warmUp(), effort.measured());
          return result.bytesPerSecond() / Unit.BYTES_PER_MEGABYTE;
        } finally {
          Scratch.free(file);
        }
      }

      @Override
      public void close() throws IOException {
        Scratch.free(preallocated);
      }
    };
  }
}
