package io.dioagent.bench.row;

import io.dioagent.bench.Bench;
import io.dioagent.bench.io.JavaFork;
import io.dioagent.bench.io.PageCache;
import io.dioagent.bench.io.Scratch;
import io.dioagent.bench.work.Answer;
import io.dioagent.bench.work.LuceneIndexWorker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The share of an index that is left in the page cache after Lucene has written and merged it, with
 * the agent and without. The index is not searched, so that cached pages come from writes.
 *
 * @param mode the agent's mode
 */
record LuceneIndexRow(String name, String measure, AgentMode mode) implements PageCacheRow {

  /** Returns 1, because a pair takes minutes. */
  @Override
  public int mostPairs() {
    return 1;
  }

  @Override
  public Session open(Bench bench) {
    Path directory = bench.scratch().file(name);
    return new Session() {
      @Override
      public double subject() throws IOException, InterruptedException {
        return sample(bench, mode.fork(bench, directory + "/**"), directory);
      }

      @Override
      public double peer() throws IOException, InterruptedException {
        return sample(bench, bench.plainFork(), directory);
      }
    };
  }

  private static double sample(Bench bench, JavaFork fork, Path directory)
      throws IOException, InterruptedException {
    Files.createDirectory(directory);
    try {
      Map<String, Double> answers =
          fork.run(
              LuceneIndexWorker.class,
              LuceneIndexWorker.index(directory, bench.effort().documentBytes()));
      checkWritten(answers, bench.effort().documentBytes());
      double resident = PageCache.residentPercent(filesIn(directory));
      bench.plainFork().run(LuceneIndexWorker.class, LuceneIndexWorker.check(directory));
      return resident;
    } finally {
      Scratch.free(directory);
    }
  }

  /** Checks the bytes; merging writes all of them at least once more. */
  private static void checkWritten(Map<String, Double> answers, long documentBytes)
      throws IOException {
    double device = answers.get(Answer.DEVICE_BYTES);
    if (device < 2.0 * documentBytes) {
      throw new IOException(
          "%.0f bytes written of %d that were indexed and merged".formatted(device, documentBytes));
    }
    Double direct = answers.get(Answer.DIRECT_BYTES);
    if (direct != null && direct < documentBytes) {
      throw new IOException("not direct: %.0f of %.0f bytes".formatted(direct, device));
    }
  }

  private static List<Path> filesIn(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.toList();
    }
  }
}
