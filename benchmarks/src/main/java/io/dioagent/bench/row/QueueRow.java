package io.dioagent.bench.row;

import io.dioagent.bench.Bench;
import io.dioagent.bench.Row;
import io.dioagent.bench.Target;
import io.dioagent.bench.Unit;
import io.dioagent.bench.io.DirectFiles;
import io.dioagent.bench.io.WriteShape;
import io.dioagent.bench.work.Recorded;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The runtime's queue, ledger and JFR on, beside somebody else's: one thread, over the same
 * preallocated file.
 *
 * @param shape how both write
 * @param unit IOPS or megabytes per second
 * @param peer who else
 */
record QueueRow(
    String name, String measure, WriteShape shape, Unit unit, QueuePeer peer, Target target)
    implements Row {
  private static final double BYTES_PER_MEGABYTE = 1e6;

  @Override
  public boolean submits() {
    return peer == QueuePeer.FIO_LIBAIO;
  }

  @Override
  public Optional<String> whyNot(Bench bench) throws InterruptedException {
    return peer.whyNot(bench);
  }

  @Override
  public Session open(Bench bench) throws IOException {
    Path file = bench.scratch().file(name);
    DirectFiles.create(file, bench.effort().fileBytes());
    return new Session() {
      @Override
      public double ours() throws IOException, InterruptedException {
        return speed(QueueSample.take(bench, file, shape, Recorded.DEFAULT));
      }

      @Override
      public double peer() throws IOException, InterruptedException {
        double writesPerSecond = peer.writesPerSecond(bench, file, shape);
        Genuine.checkUncached(file);
        return speed(writesPerSecond);
      }

      @Override
      public void close() throws IOException {
        Files.delete(file);
      }
    };
  }

  private double speed(double writesPerSecond) {
    return unit == Unit.IOPS
        ? writesPerSecond
        : writesPerSecond * shape.ioBytes() / BYTES_PER_MEGABYTE;
  }
}
