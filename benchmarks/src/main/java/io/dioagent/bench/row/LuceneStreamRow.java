package io.dioagent.bench.row;

import io.dioagent.bench.Bench;
import io.dioagent.bench.Row;
import io.dioagent.bench.Target;
import io.dioagent.bench.Unit;
import io.dioagent.bench.io.JavaFork;
import io.dioagent.bench.io.PageCache;
import io.dioagent.bench.io.Scratch;
import io.dioagent.bench.work.Answer;
import io.dioagent.bench.work.LuceneStreamWorker;
import io.dioagent.bench.work.Pattern;
import io.dioagent.bench.work.Verifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * A file written as a stream by Lucene's NIOFSDirectory under the agent, beside the same by its
 * DirectIODirectory.
 *
 * @param mode the agent's mode
 */
record LuceneStreamRow(String name, String measure, AgentMode mode) implements Row {
  /** The size of a write by a codec. */
  private static final int CHUNK_BYTES = 8 << 10;

  @Override
  public Unit unit() {
    return Unit.MEGABYTES_PER_SECOND;
  }

  @Override
  public Target target() {
    return new Target.None();
  }

  @Override
  public Optional<String> whyNot(Bench bench) {
    return bench.whyNoAgent();
  }

  @Override
  public Session open(Bench bench) throws IOException {
    Path directory = Files.createDirectory(bench.scratch().file(name));
    Path file = directory.resolve("file");
    long chunks = bench.effort().streamBytes() / CHUNK_BYTES;
    return new Session() {
      @Override
      public double subject() throws IOException, InterruptedException {
        return sample(mode.fork(bench, directory + "/**"), file, false, chunks);
      }

      @Override
      public double peer() throws IOException, InterruptedException {
        return sample(bench.plainFork(), file, true, chunks);
      }

      @Override
      public void close() throws IOException {
        Files.delete(directory);
      }
    };
  }

  private static double sample(JavaFork fork, Path file, boolean directIo, long chunks)
      throws IOException, InterruptedException {
    long salt = System.nanoTime();
    try {
      Map<String, Double> answers =
          fork.run(
              LuceneStreamWorker.class,
              LuceneStreamWorker.arguments(file, directIo, CHUNK_BYTES, chunks, salt));
      Genuine.checkWritten(answers, 1);
      PageCache.checkUncached(file);
      Verifier.verifyAll(file, new Pattern(CHUNK_BYTES, salt), chunks);
      return answers.get(Answer.BYTES_PER_SECOND) / Unit.BYTES_PER_MEGABYTE;
    } finally {
      Scratch.free(file);
    }
  }
}
