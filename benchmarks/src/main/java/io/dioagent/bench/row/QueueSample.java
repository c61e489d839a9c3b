package io.dioagent.bench.row;

import io.dioagent.bench.Bench;
import io.dioagent.bench.Effort;
import io.dioagent.bench.io.PageCache;
import io.dioagent.bench.io.WriteShape;
import io.dioagent.bench.work.Answer;
import io.dioagent.bench.work.QueueWorker;
import io.dioagent.bench.work.Recorded;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** Takes samples of the runtime's queue in a JVM each. */
final class QueueSample {
  private QueueSample() {}

  /**
   * Takes one sample.
   *
   * @return writes per second
   * @throws IOException also if not every byte was written past the page cache
   */
  static double take(Bench bench, Path file, WriteShape shape, Recorded recorded)
      throws IOException, InterruptedException {
    Effort effort = bench.effort();
    Map<String, Double> answers =
        bench
            .plainFork()
            .run(
                QueueWorker.class,
                QueueWorker.arguments(file, shape, recorded, effort.warmUp(), effort.measured()));
    Genuine.checkWritten(answers, 1);
    Genuine.checkSubmitted(answers);
    PageCache.checkUncached(file);
    return answers.get(Answer.WRITES_PER_SECOND);
  }
}
