package io.dioagent.bench.row;

import io.dioagent.bench.io.JavaFork;
import io.dioagent.bench.io.PageCache;
import io.dioagent.bench.io.StreamShape;
import io.dioagent.bench.work.Answer;
import io.dioagent.bench.work.Pattern;
import io.dioagent.bench.work.StreamWorker;
import io.dioagent.bench.work.Verifier;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/**
 * One file written as a stream by a JVM of its own, and read back.
 *
 * @param bytesPerSecond the speed
 * @param residentPercent the share in the page cache afterwards
 */
record StreamSample(double bytesPerSecond, double residentPercent) {
  /** The least direct share; parts that end within a block may be buffered. */
  private static final double DIRECT_SHARE = 0.9;

  static StreamSample take(JavaFork fork, Path file, StreamShape shape)
      throws IOException, InterruptedException {
    long salt = System.nanoTime();
    Map<String, Double> answers =
        fork.run(StreamWorker.class, StreamWorker.arguments(file, shape, salt));
    Genuine.checkWritten(answers, DIRECT_SHARE);
    StreamSample sample =
        new StreamSample(answers.get(Answer.BYTES_PER_SECOND), PageCache.residentPercent(file));
    Verifier.verifyAll(file, new Pattern(shape.chunkBytes(), salt), shape.chunks());
    return sample;
  }
}
