package io.dioagent.bench.row;

import io.dioagent.bench.Bench;
import io.dioagent.bench.Row;
import io.dioagent.bench.Target;
import io.dioagent.bench.Unit;
import io.dioagent.bench.io.JavaFork;
import io.dioagent.bench.io.PageCache;
import io.dioagent.bench.work.Pattern;
import io.dioagent.bench.work.StreamWorker;
import io.dioagent.bench.work.Verifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.BitSet;
import java.util.Optional;

/**
 * How much of a new file stays in the page cache when an application has streamed it out, with the
 * agent and without.
 *
 * @param chunkBytes bytes per write
 */
record StreamRow(String name, String measure, int chunkBytes) implements Row {
  private static final double PERCENT_LIMIT = 1;

  @Override
  public Unit unit() {
    return Unit.PERCENT;
  }

  @Override
  public Target target() {
    return new Target.OursAtMost(PERCENT_LIMIT, Unit.PERCENT);
  }

  @Override
  public Optional<String> whyNot(Bench bench) {
    return bench.whyNoAgent();
  }

  @Override
  public Session open(Bench bench) {
    Path file = bench.scratch().file(name);
    long chunks = bench.effort().streamBytes() / chunkBytes;
    return new Session() {
      @Override
      public double ours() throws IOException, InterruptedException {
        return sample(bench.taggedFork(file.toString()), file, chunks);
      }

      @Override
      public double peer() throws IOException, InterruptedException {
        return sample(bench.plainFork(), file, chunks);
      }
    };
  }

  private double sample(JavaFork fork, Path file, long chunks)
      throws IOException, InterruptedException {
    long salt = System.nanoTime();
    try {
      fork.run(StreamWorker.class, StreamWorker.arguments(file, chunkBytes, chunks, salt));
      double resident = PageCache.residentPercent(file);
      BitSet written = new BitSet();
      written.set(0, Math.toIntExact(chunks));
      Verifier.verify(file, new Pattern(chunkBytes, salt), written, StandardOpenOption.READ);
      return resident;
    } finally {
      Files.deleteIfExists(file);
    }
  }
}
