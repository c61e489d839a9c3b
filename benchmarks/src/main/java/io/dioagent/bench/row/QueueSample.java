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

/** One sample of the runtime's queue in a JVM of its own. */
final class QueueSample {
  private static final double RESIDENT_PERCENT_LIMIT = 1;

  private QueueSample() {}

  /**
   * Takes it.
   *
   * @return writes per second
   * @throws IOException also if not every byte went past the page cache
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
    double direct = answers.get(Answer.DIRECT_BYTES);
    double written = answers.get(Answer.WRITTEN_BYTES);
    double resident = PageCache.residentPercent(file);
    if (direct != written || resident > RESIDENT_PERCENT_LIMIT) {
      throw new IOException(
          "not direct: %.0f of %.0f bytes, %.1f%% of the file in the page cache"
              .formatted(direct, written, resident));
    }
    return answers.get(Answer.WRITES_PER_SECOND);
  }
}
