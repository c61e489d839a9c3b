package io.dioagent.bench.row;

import io.dioagent.bench.Bench;
import io.dioagent.bench.Target;
import io.dioagent.bench.Unit;
import io.dioagent.bench.io.JavaFork;
import io.dioagent.bench.io.PageCache;
import io.dioagent.bench.io.Scratch;
import io.dioagent.bench.io.StreamShape;
import io.dioagent.bench.work.Answer;
import io.dioagent.bench.work.BehindWorker;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * The pages of a new file in the page cache, with the agent and without, when writes go through it.
 *
 * @param figure the figure
 */
record BehindCacheRow(String name, String measure, Figure figure) implements PageCacheRow {
  private static final int CHUNK_BYTES = 8000;
  private static final double PAGE_BYTES = 4096;

  /** Limits the pairs, because samples of the page cache hardly differ. */
  private static final int PAIRS = 2;

  /** The figures, each a percentage. */
  enum Figure {
    /** The share of the file that is left a second after its close. */
    LEFT {
      @Override
      Target target() {
        return Target.SubjectAtMost.ofPageCache();
      }

      @Override
      double percent(Map<String, Double> answers, long boundBytes) {
        double pages = Math.ceil(answers.get(Answer.WRITTEN_BYTES) / PAGE_BYTES);
        return 100 * answers.get(Answer.LEFT_CACHED_BYTES) / (pages * PAGE_BYTES);
      }
    },

    /** The most that was cached at a time, of what may wait to be written back, and a write. */
    MOST {
      @Override
      Target target() {
        return new Target.SubjectAtMost(100, Unit.PERCENT);
      }

      @Override
      double percent(Map<String, Double> answers, long boundBytes) {
        return 100 * answers.get(Answer.MOST_CACHED_BYTES) / (boundBytes + CHUNK_BYTES);
      }
    };

    abstract Target target();

    abstract double percent(Map<String, Double> answers, long boundBytes);
  }

  @Override
  public Target target() {
    return figure.target();
  }

  @Override
  public int mostPairs() {
    return PAIRS;
  }

  @Override
  public Optional<String> whyNot(Bench bench) {
    Optional<String> noAgent = bench.whyNoAgent();
    return noAgent.isPresent() ? noAgent : PageCache.whyNoCount();
  }

  @Override
  public Session open(Bench bench) {
    Path file = bench.scratch().file(name);
    StreamShape stream = StreamShape.fresh(CHUNK_BYTES, bench.effort().cacheBytes());
    return new Session() {
      @Override
      public double subject() throws IOException, InterruptedException {
        return sample(AgentMode.BEHIND.fork(bench, file.toString()));
      }

      @Override
      public double peer() throws IOException, InterruptedException {
        return sample(bench.plainFork());
      }

      private double sample(JavaFork fork) throws IOException, InterruptedException {
        long boundBytes = DirtyBound.bytes();
        try {
          Map<String, Double> answers =
              fork.run(
                  BehindWorker.class,
                  BehindWorker.arguments(
                      file, stream, System.nanoTime(), false, true, bench.effort().settled()));
          Genuine.checkWritten(answers, 0);
          return figure.percent(answers, boundBytes);
        } finally {
          Scratch.free(file);
        }
      }
    };
  }
}
