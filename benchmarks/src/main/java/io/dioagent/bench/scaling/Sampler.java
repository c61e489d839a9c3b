package io.dioagent.bench.scaling;

import io.dioagent.bench.Bench;
import io.dioagent.bench.io.Fio;
import io.dioagent.bench.io.FioResult;
import io.dioagent.bench.io.JavaFork;
import io.dioagent.bench.io.PageCache;
import io.dioagent.bench.io.WriteShape;
import io.dioagent.bench.work.Answer;
import io.dioagent.bench.work.QueueWorker;
import io.dioagent.bench.work.Recorded;
import io.dioagent.bench.work.SyncWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Takes samples, each in a process of its own.
 *
 * @param bench makes the processes
 * @param plan the plan with durations
 * @param fio fio, if installed
 */
record Sampler(Bench bench, Plan plan, Optional<Fio> fio) {
  private static final double MICROS_PER_SECOND = 1e6;

  Path directory(Series series) {
    return bench.scratch().file(series.name());
  }

  boolean hasPeer(Series series, Workload workload) {
    return series.peer() == Series.Peer.FIO ? fio.isPresent() : workload.isOfWholeBlocks();
  }

  Cost subject(Series series, TestFiles files, Workload workload)
      throws IOException, InterruptedException {
    Map<String, Double> answers =
        series.peer() == Series.Peer.FIO
            ? bench
                .plainFork()
                .run(
                    QueueWorker.class,
                    QueueWorker.arguments(
                        files.file(workload.fileBytes(), 0),
                        shape(workload),
                        Recorded.NOTHING,
                        plan.warmUp(),
                        plan.measured()))
            : run(
                bench.taggedFork(files.of(workload.fileBytes()) + "/**", "write=sync"),
                SyncWriter.Kind.CHANNEL,
                files,
                workload);
    return cost(answers, files, workload);
  }

  Cost peer(Series series, TestFiles files, Workload workload)
      throws IOException, InterruptedException {
    if (series.peer() == Series.Peer.FIO) {
      Path file = files.file(workload.fileBytes(), 0);
      FioResult result =
          fio.orElseThrow()
              .write(Fio.Engine.LIBAIO, file, shape(workload), plan.warmUp(), plan.measured());
      return new Cost(MICROS_PER_SECOND / result.writesPerSecond(), result.cpuMicrosPerWrite());
    }
    return cost(
        run(bench.plainFork(), SyncWriter.Kind.JDK_DIRECT, files, workload), files, workload);
  }

  private Map<String, Double> run(
      JavaFork fork, SyncWriter.Kind kind, TestFiles files, Workload workload)
      throws IOException, InterruptedException {
    return fork.run(
        CostWorker.class,
        CostWorker.arguments(
            kind, files.of(workload.fileBytes()), workload, plan.warmUp(), plan.measured()));
  }

  private static Cost cost(Map<String, Double> answers, TestFiles files, Workload workload)
      throws IOException {
    if (workload.isOfWholeBlocks()) {
      PageCache.checkUncached(files.file(workload.fileBytes(), 0));
    }
    return new Cost(
        MICROS_PER_SECOND / answers.get(Answer.WRITES_PER_SECOND),
        answers.get(Answer.CPU_MICROS_PER_WRITE));
  }

  private static WriteShape shape(Workload workload) {
    return new WriteShape(workload.ioBytes(), workload.depth(), true);
  }
}
