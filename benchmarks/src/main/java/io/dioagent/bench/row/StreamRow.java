package io.dioagent.bench.row;

import io.dioagent.bench.Bench;
import io.dioagent.bench.io.JavaFork;
import io.dioagent.bench.io.Scratch;
import io.dioagent.bench.io.StreamShape;
import java.io.IOException;
import java.nio.file.Path;

/**
 * The share of a new file left in the page cache after an application has written it as a stream,
 * with the agent and without.
 *
 * @param mode the agent's mode
 * @param chunkBytes bytes per write
 */
record StreamRow(String name, String measure, AgentMode mode, int chunkBytes)
    implements PageCacheRow {
  /** Limits the pairs, because samples of the page cache hardly differ. */
  private static final int PAIRS = 2;

  @Override
  public int mostPairs() {
    return PAIRS;
  }

  @Override
  public Session open(Bench bench) {
    Path file = bench.scratch().file(name);
    StreamShape shape = StreamShape.fresh(chunkBytes, bench.effort().cacheBytes());
    return new Session() {
      @Override
      public double subject() throws IOException, InterruptedException {
        return sample(mode.fork(bench, file.toString()), file, shape);
      }

      @Override
      public double peer() throws IOException, InterruptedException {
        return sample(bench.plainFork(), file, shape);
      }
    };
  }

  private static double sample(JavaFork fork, Path file, StreamShape shape)
      throws IOException, InterruptedException {
    try {
      return StreamSample.take(fork, file, shape).residentPercent();
    } finally {
      Scratch.free(file);
    }
  }
}
