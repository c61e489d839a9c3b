package io.dioagent.bench.row;

import io.dioagent.bench.Bench;
import io.dioagent.bench.Effort;
import io.dioagent.bench.Row;
import io.dioagent.bench.Target;
import io.dioagent.bench.Unit;
import io.dioagent.bench.io.DirectFiles;
import io.dioagent.bench.io.JavaFork;
import io.dioagent.bench.io.PageCache;
import io.dioagent.bench.work.Answer;
import io.dioagent.bench.work.SyncWorker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Writes that return when they are done, one after another by one thread over a preallocated file,
 * beside {@code ExtendedOpenOption.DIRECT} without the agent over the same file.
 *
 * @param underAgent ours is a plain FileChannel under the agent, else the runtime's own API
 * @param ioBytes bytes per write
 * @param ratio the least ratio that is good
 */
record SyncRow(String name, String measure, boolean underAgent, int ioBytes, double ratio)
    implements Row {
  /** More of the file than this in the page cache, and it was not direct. */
  private static final double RESIDENT_PERCENT_LIMIT = 1;

  @Override
  public Unit unit() {
    return Unit.IOPS;
  }

  @Override
  public Target target() {
    return new Target.RatioAtLeast(ratio);
  }

  @Override
  public Optional<String> whyNot(Bench bench) {
    return underAgent ? bench.whyNoAgent() : Optional.empty();
  }

  @Override
  public Session open(Bench bench) throws IOException {
    Path file = bench.scratch().file(name);
    Effort effort = bench.effort();
    DirectFiles.create(file, effort.fileBytes());
    return new Session() {
      @Override
      public double ours() throws IOException, InterruptedException {
        return underAgent
            ? sample(
                bench.taggedFork(file.toString()),
                SyncWorker.channel(file, ioBytes, effort.warmUp(), effort.measured()),
                file)
            : sample(
                bench.plainFork(),
                SyncWorker.runtime(file, ioBytes, effort.warmUp(), effort.measured()),
                file);
      }

      @Override
      public double peer() throws IOException, InterruptedException {
        return sample(
            bench.plainFork(),
            SyncWorker.jdkDirect(file, ioBytes, effort.warmUp(), effort.measured()),
            file);
      }

      @Override
      public void close() throws IOException {
        Files.delete(file);
      }
    };
  }

  private static double sample(JavaFork fork, List<String> arguments, Path file)
      throws IOException, InterruptedException {
    double writesPerSecond = fork.run(SyncWorker.class, arguments).get(Answer.WRITES_PER_SECOND);
    double resident = PageCache.residentPercent(file);
    if (resident > RESIDENT_PERCENT_LIMIT) {
      throw new IOException(
          "not direct: %.1f%% of the file is in the page cache".formatted(resident));
    }
    return writesPerSecond;
  }
}
