package io.dioagent.bench.row;

import io.dioagent.bench.Bench;
import io.dioagent.bench.Row;
import io.dioagent.bench.Target;
import io.dioagent.bench.Unit;
import io.dioagent.bench.io.JavaFork;
import io.dioagent.bench.work.Hello;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The time of a JVM that prints one line, with the agent and without. A sample is the fastest of a
 * few starts, because disturbances only add time.
 *
 * @param release the JDK's feature release
 * @param java its java command, if installed
 */
record StartUpRow(int release, Optional<Path> java) implements Row {
  private static final double SECONDS_LIMIT = 0.35;

  @Override
  public String name() {
    return "startup-jdk" + release;
  }

  @Override
  public String measure() {
    return "start-up, JDK " + release;
  }

  @Override
  public Unit unit() {
    return Unit.SECONDS;
  }

  @Override
  public Target target() {
    return new Target.DifferenceAtMost(SECONDS_LIMIT, Unit.SECONDS);
  }

  @Override
  public Optional<String> whyNot(Bench bench) {
    return java.isEmpty()
        ? Optional.of("no JDK " + release + " beside the one that runs this")
        : bench.whyNoAgent();
  }

  @Override
  public Session open(Bench bench) {
    Optional<String> agent =
        Optional.of(bench.agentArgument(bench.scratch().file("tagged") + "/**"));
    return new Session() {
      @Override
      public double subject() throws IOException, InterruptedException {
        return sample(bench, agent);
      }

      @Override
      public double peer() throws IOException, InterruptedException {
        return sample(bench, Optional.empty());
      }
    };
  }

  private double sample(Bench bench, Optional<String> agent)
      throws IOException, InterruptedException {
    JavaFork fork = new JavaFork(bench.commands(), java.orElseThrow(), bench.classPath(), agent);
    List<Double> seconds = new ArrayList<>();
    for (int i = 0; i < bench.effort().starts(); i++) {
      seconds.add(fork.time(Hello.class).toNanos() / 1e9);
    }
    return seconds.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
  }
}
