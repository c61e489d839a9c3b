package io.dioagent.bench.row;

import io.dioagent.bench.Bench;
import io.dioagent.bench.Effort;
import io.dioagent.bench.io.Fio;
import io.dioagent.bench.io.WriteShape;
import io.dioagent.bench.work.Answer;
import io.dioagent.bench.work.ArtemisWorker;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Peers that keep a queue of writes in flight. */
enum QueuePeer {
  /** fio with libaio. */
  FIO_LIBAIO {
    @Override
    double writesPerSecond(Bench bench, Path file, WriteShape shape)
        throws IOException, InterruptedException {
      return fio(bench, Fio.Engine.LIBAIO, file, shape);
    }
  },

  /** fio with io_uring. */
  FIO_IO_URING {
    @Override
    double writesPerSecond(Bench bench, Path file, WriteShape shape)
        throws IOException, InterruptedException {
      return fio(bench, Fio.Engine.IO_URING, file, shape);
    }
  },

  /** The API below the journal of Artemis. */
  ARTEMIS {
    @Override
    Optional<String> whyNot(Bench bench) throws InterruptedException {
      return Artemis.whyNot(bench);
    }

    @Override
    double writesPerSecond(Bench bench, Path file, WriteShape shape)
        throws IOException, InterruptedException {
      Effort effort = bench.effort();
      Map<String, Double> answers =
          Artemis.fork(bench)
              .run(
                  ArtemisWorker.class,
                  ArtemisWorker.arguments(file, shape, effort.warmUp(), effort.measured()));
      Genuine.checkWritten(answers, 1);
      Genuine.checkSubmitted(answers);
      return answers.get(Answer.WRITES_PER_SECOND);
    }
  };

  /** Returns why it cannot be measured here; empty if it can. By default fio is needed. */
  Optional<String> whyNot(Bench bench) throws InterruptedException {
    return Fio.find(bench.commands()).isPresent() ? Optional.empty() : Optional.of(Fio.MISSING);
  }

  /** Takes one sample over an existing file. */
  abstract double writesPerSecond(Bench bench, Path file, WriteShape shape)
      throws IOException, InterruptedException;

  private static double fio(Bench bench, Fio.Engine engine, Path file, WriteShape shape)
      throws IOException, InterruptedException {
    Fio fio = Fio.find(bench.commands()).orElseThrow();
    Effort effort = bench.effort();
    return fio.write(engine, file, shape, effort.warmUp(), effort.measured()).writesPerSecond();
  }
}
