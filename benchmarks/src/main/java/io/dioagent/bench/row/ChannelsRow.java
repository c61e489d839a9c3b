package io.dioagent.bench.row;

import io.dioagent.bench.Bench;
import io.dioagent.bench.Row;
import io.dioagent.bench.Target;
import io.dioagent.bench.Unit;
import io.dioagent.bench.io.DirectFiles;
import io.dioagent.bench.io.OpenFilesLimit;
import io.dioagent.bench.work.Answer;
import io.dioagent.bench.work.ChannelsWorker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Blocking writes by one thread, in turns through many tagged channels with a file each, beside as
 * many writes through one channel.
 *
 * @param channels number of open channels
 */
record ChannelsRow(String name, String measure, int channels) implements Row {
  private static final int IO_BYTES = 4096;
  private static final long BYTES_PER_FILE = 4 * IO_BYTES;

  @Override
  public Unit unit() {
    return Unit.IOPS;
  }

  @Override
  public Target target() {
    return new Target.RatioAtLeast(0.9);
  }

  @Override
  public Optional<String> whyNot(Bench bench) {
    Optional<String> noAgent = bench.whyNoAgent();
    return noAgent.isPresent() ? noAgent : OpenFilesLimit.whyNot(count(bench));
  }

  /** Returns fewer channels for a smaller effort. */
  private int count(Bench bench) {
    return (int) Math.min(channels, bench.effort().fileBytes() / BYTES_PER_FILE);
  }

  @Override
  public Session open(Bench bench) throws IOException {
    int count = count(bench);
    Path many = Files.createDirectory(bench.scratch().file(name + "-many"));
    for (int i = 0; i < count; i++) {
      DirectFiles.create(many.resolve(String.valueOf(i)), BYTES_PER_FILE);
    }
    Path one = Files.createDirectory(bench.scratch().file(name + "-one"));
    DirectFiles.create(one.resolve("0"), count * BYTES_PER_FILE);
    return new Session() {
      @Override
      public double subject() throws IOException, InterruptedException {
        return sample(bench, many, count);
      }

      @Override
      public double peer() throws IOException, InterruptedException {
        return sample(bench, one, 1);
      }
    };
  }

  private static double sample(Bench bench, Path directory, int files)
      throws IOException, InterruptedException {
    Map<String, Double> answers =
        bench
            .taggedFork(directory + "/**", "write=sync")
            .run(
                ChannelsWorker.class,
                ChannelsWorker.arguments(
                    directory,
                    files,
                    IO_BYTES,
                    bench.effort().warmUp(),
                    bench.effort().measured()));
    Genuine.checkWritten(answers, 1);
    return answers.get(Answer.WRITES_PER_SECOND);
  }
}
