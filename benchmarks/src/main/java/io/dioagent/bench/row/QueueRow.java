package io.dioagent.bench.row;

import io.dioagent.bench.Bench;
import io.dioagent.bench.Row;
import io.dioagent.bench.Target;
import io.dioagent.bench.Unit;
import io.dioagent.bench.io.PageCache;
import io.dioagent.bench.io.WriteShape;
import io.dioagent.bench.work.Recorded;
import java.io.IOException;
import java.util.Optional;

/**
 * The runtime's queue with ledger and JFR, beside a peer: one thread over the same preallocated
 * file.
 *
 * @param shape the shape of writes of both
 * @param unit IOPS or megabytes per second
 * @param peer the peer
 */
record QueueRow(
    String name, String measure, WriteShape shape, Unit unit, QueuePeer peer, Target target)
    implements Row {

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
    return new FileSession(bench, name) {
      @Override
      public double subject() throws IOException, InterruptedException {
        return speed(QueueSample.take(bench, file(), shape, Recorded.DEFAULT));
      }

      @Override
      public double peer() throws IOException, InterruptedException {
        double writesPerSecond = peer.writesPerSecond(bench, file(), shape);
        PageCache.checkUncached(file());
        return speed(writesPerSecond);
      }
    };
  }

  private double speed(double writesPerSecond) {
    return unit == Unit.IOPS
        ? writesPerSecond
        : writesPerSecond * shape.ioBytes() / Unit.BYTES_PER_MEGABYTE;
  }
}
