package io.dioagent.bench.row;

import io.dioagent.bench.Bench;
import io.dioagent.bench.Effort;
import io.dioagent.bench.Row;
import io.dioagent.bench.Target;
import io.dioagent.bench.Unit;
import io.dioagent.bench.io.DirectFiles;
import io.dioagent.bench.io.Fio;
import io.dioagent.bench.io.WriteShape;
import io.dioagent.bench.work.Recorded;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The runtime's queue, ledger and JFR on, beside fio's libaio engine: one thread, over the same
 * preallocated file.
 *
 * @param shape how both write
 * @param unit IOPS or megabytes per second
 */
record QueueRow(String name, String measure, WriteShape shape, Unit unit) implements Row {
  private static final double RATIO = 1;
  private static final double BYTES_PER_MEGABYTE = 1e6;

  @Override
  public Target target() {
    return new Target.RatioAtLeast(RATIO);
  }

  @Override
  public Optional<String> whyNot(Bench bench) throws InterruptedException {
    return Fio.find(bench.commands()).isPresent()
        ? Optional.empty()
        : Optional.of("no fio, apt-get install fio");
  }

  @Override
  public Session open(Bench bench) throws IOException, InterruptedException {
    Fio fio = Fio.find(bench.commands()).orElseThrow();
    Effort effort = bench.effort();
    Path file = bench.scratch().file(name);
    DirectFiles.create(file, effort.fileBytes());
    return new Session() {
      @Override
      public double ours() throws IOException, InterruptedException {
        return speed(QueueSample.take(bench, file, shape, Recorded.DEFAULT));
      }

      @Override
      public double peer() throws IOException, InterruptedException {
        return speed(fio.write(file, shape, effort.warmUp(), effort.measured()).writesPerSecond());
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
