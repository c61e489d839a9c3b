package io.dioagent.bench.row;

import io.dioagent.bench.Bench;
import io.dioagent.bench.Row;
import io.dioagent.bench.Target;
import io.dioagent.bench.Unit;
import io.dioagent.bench.WriteCost;
import io.dioagent.bench.io.Fio;
import io.dioagent.bench.io.FioResult;
import io.dioagent.bench.io.JavaFork;
import io.dioagent.bench.io.Scratch;
import io.dioagent.bench.io.StreamShape;
import io.dioagent.bench.io.WriteShape;
import io.dioagent.bench.work.Answer;
import io.dioagent.bench.work.BehindWorker;
import io.dioagent.bench.work.Pattern;
import io.dioagent.bench.work.Verifier;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * A stream of writes through the page cache, behind which the agent drops the pages, beside the
 * same without the agent, or beside fio.
 *
 * @param besideFio whether the peer is fio
 */
record BehindRow(String name, String measure, BehindShape shape, boolean besideFio, Target target)
    implements Row {
  private static final WriteShape FIO_SHAPE = new WriteShape(1 << 20, 8, false);

  /** From this length on a pair takes so long that few are enough. */
  private static final long LONG_BYTES = 4L << 30;

  private static final int PAIRS_OF_LONG = 3;
  private static final long MIB = 1 << 20;

  /** Space beside the file, for others and for what is not freed yet. */
  private static final long SPARE_BYTES = 1L << 30;

  @Override
  public Unit unit() {
    return Unit.MEGABYTES_PER_SECOND;
  }

  @Override
  public int mostPairs() {
    return shape.fullBytes() >= LONG_BYTES ? PAIRS_OF_LONG : Integer.MAX_VALUE;
  }

  @Override
  public Optional<String> whyNot(Bench bench) throws InterruptedException {
    if (besideFio && Fio.find(bench.commands()).isEmpty()) {
      return Optional.of(Fio.MISSING);
    }
    Optional<String> noAgent = bench.whyNoAgent();
    return noAgent.isPresent() ? noAgent : whyNoRoom(bench);
  }

  private Optional<String> whyNoRoom(Bench bench) {
    long needed = shape.stream(bench.effort()).lengthBytes() + SPARE_BYTES;
    long free = bench.scratch().directory().toFile().getUsableSpace();
    return free >= needed
        ? Optional.empty()
        : Optional.of("%d MiB are needed, %d are free".formatted(needed / MIB, free / MIB));
  }

  @Override
  public Session open(Bench bench) {
    Path file = bench.scratch().file(name);
    StreamShape stream = shape.stream(bench.effort());
    return new Session() {
      private WriteCost cost;

      @Override
      public double subject() throws IOException, InterruptedException {
        return stream(AgentMode.BEHIND.fork(bench, file.toString()), true);
      }

      @Override
      public double peer() throws IOException, InterruptedException {
        return besideFio ? fio() : stream(bench.plainFork(), false);
      }

      @Override
      public Optional<WriteCost> cost() {
        return Optional.of(cost);
      }

      private double stream(JavaFork fork, boolean behind)
          throws IOException, InterruptedException {
        long salt = System.nanoTime();
        try {
          Map<String, Double> answers =
              fork.run(
                  BehindWorker.class,
                  BehindWorker.arguments(
                      file, stream, salt, shape.warmed(), false, bench.effort().settled()));
          Genuine.checkWritten(answers, 0);
          Genuine.checkBehind(answers, behind);
          Verifier.verifyAll(file, new Pattern(stream.chunkBytes(), salt), stream.chunks());
          cost = cost(answers.get(Answer.CPU_MICROS_PER_WRITE), stream.chunkBytes());
          return answers.get(Answer.BYTES_PER_SECOND) / Unit.BYTES_PER_MEGABYTE;
        } finally {
          Scratch.free(file);
        }
      }

      private double fio() throws IOException, InterruptedException {
        Fio fio = Fio.find(bench.commands()).orElseThrow();
        try {
          FioResult result = fio.writeNew(Fio.Engine.LIBAIO, file, FIO_SHAPE, stream.lengthBytes());
          cost = cost(result.cpuMicrosPerWrite(), FIO_SHAPE.ioBytes());
          return result.bytesPerSecond() / Unit.BYTES_PER_MEGABYTE;
        } finally {
          Scratch.free(file);
        }
      }

      private WriteCost cost(double cpuMicros, int writeBytes) {
        return new WriteCost(cpuMicros, writeBytes, stream.lengthBytes());
      }
    };
  }
}
