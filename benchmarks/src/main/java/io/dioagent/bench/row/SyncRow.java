package io.dioagent.bench.row;

import io.dioagent.bench.Bench;
import io.dioagent.bench.Effort;
import io.dioagent.bench.Row;
import io.dioagent.bench.Target;
import io.dioagent.bench.Unit;
import io.dioagent.bench.io.JavaFork;
import io.dioagent.bench.io.PageCache;
import io.dioagent.bench.work.Answer;
import io.dioagent.bench.work.SyncWorker;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Blocking writes, one after another by one thread over a preallocated file, beside {@code
 * ExtendedOpenOption.DIRECT} without the agent over the same file.
 *
 * @param mode the agent's mode above a plain FileChannel; empty for the runtime's API
 * @param ioBytes bytes per write
 */
record SyncRow(String name, String measure, Optional<AgentMode> mode, int ioBytes, Target target)
    implements Row {
  @Override
  public Unit unit() {
    return Unit.IOPS;
  }

  @Override
  public boolean submits() {
    return mode.equals(Optional.of(AgentMode.SYNC));
  }

  @Override
  public Optional<String> whyNot(Bench bench) {
    return mode.isPresent() ? bench.whyNoAgent() : Optional.empty();
  }

  @Override
  public Session open(Bench bench) throws IOException {
    Effort effort = bench.effort();
    return new FileSession(bench, name) {
      @Override
      public double subject() throws IOException, InterruptedException {
        return mode.isPresent()
            ? sample(
                mode.get().fork(bench, file().toString()),
                SyncWorker.channel(file(), ioBytes, effort.warmUp(), effort.measured()),
                file())
            : sample(
                bench.plainFork(),
                SyncWorker.runtime(file(), ioBytes, effort.warmUp(), effort.measured()),
                file());
      }

      @Override
      public double peer() throws IOException, InterruptedException {
        return sample(
            bench.plainFork(),
            SyncWorker.jdkDirect(file(), ioBytes, effort.warmUp(), effort.measured()),
            file());
      }
    };
  }

  private static double sample(JavaFork fork, List<String> arguments, Path file)
      throws IOException, InterruptedException {
    Map<String, Double> answers = fork.run(SyncWorker.class, arguments);
    Genuine.checkWritten(answers, 1);
    PageCache.checkUncached(file);
    return answers.get(Answer.WRITES_PER_SECOND);
  }
}
