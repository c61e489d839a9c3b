package io.dioagent.bench.row;

import io.dioagent.bench.Bench;
import io.dioagent.bench.Row;
import io.dioagent.bench.Target;
import io.dioagent.bench.Unit;
import io.dioagent.bench.io.WriteShape;
import io.dioagent.bench.work.Recorded;
import java.io.IOException;
import java.util.Optional;

/**
 * The runtime's queue with a JFR recording, beside the same without.
 *
 * @param shape the shape of writes of both
 * @param recorded the recording
 */
record RecordingRow(String name, String measure, WriteShape shape, Recorded recorded)
    implements Row {
  private static final double RATIO = 0.98;

  @Override
  public Unit unit() {
    return Unit.IOPS;
  }

  @Override
  public Target target() {
    return new Target.RatioAtLeast(RATIO);
  }

  @Override
  public Optional<String> whyNot(Bench bench) {
    return Optional.empty();
  }

  @Override
  public Session open(Bench bench) throws IOException {
    return new FileSession(bench, name) {
      @Override
      public double subject() throws IOException, InterruptedException {
        return QueueSample.take(bench, file(), shape, recorded);
      }

      @Override
      public double peer() throws IOException, InterruptedException {
        return QueueSample.take(bench, file(), shape, Recorded.NOTHING);
      }
    };
  }
}
