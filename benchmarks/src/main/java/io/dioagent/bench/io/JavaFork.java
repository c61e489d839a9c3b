package io.dioagent.bench.io;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A fresh JVM for one sample.
 *
 * @param commands runs it
 * @param java its java command
 * @param classPath its class path
 * @param agentArgument its -javaagent argument, if any
 * @param options more JVM options
 */
public record JavaFork(
    Commands commands,
    Path java,
    String classPath,
    Optional<String> agentArgument,
    List<String> options) {

  /** The system property that is true in a JVM under the agent. */
  public static final String UNDER_AGENT = "bench.underAgent";

  /** Limits a JVM; past it, the row fails. */
  private static final Duration LIMIT = Duration.ofMinutes(10);

  public JavaFork {
    options = List.copyOf(options);
  }

  public JavaFork(Commands commands, Path java, String classPath, Optional<String> agentArgument) {
    this(commands, java, classPath, agentArgument, List.of());
  }

  /** Returns the same with one more JVM option. */
  public JavaFork with(String option) {
    List<String> more = new ArrayList<>(options);
    more.add(option);
    return new JavaFork(commands, java, classPath, agentArgument, more);
  }

  /** Runs a main class and returns the "name=number" lines it printed. */
  public Map<String, Double> run(Class<?> main, List<String> arguments)
      throws IOException, InterruptedException {
    Commands.Outcome outcome = commands.runWell(command(main, arguments), LIMIT);
    Map<String, Double> answers = new HashMap<>();
    for (String line : outcome.output().lines().toList()) {
      int equals = line.indexOf('=');
      if (equals < 0) {
        throw new IOException(main.getSimpleName() + " printed: " + line);
      }
      answers.put(line.substring(0, equals), Double.valueOf(line.substring(equals + 1)));
    }
    return answers;
  }

  /** Returns the time from the start of the JVM to its end. */
  public Duration time(Class<?> main) throws IOException, InterruptedException {
    return Duration.ofNanos(commands.runWell(command(main, List.of()), LIMIT).durationNanos());
  }

  private List<String> command(Class<?> main, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(java.toString());
    agentArgument.ifPresent(command::add);
    agentArgument.ifPresent(agent -> command.add("-D" + UNDER_AGENT + "=true"));
    command.addAll(options);
    command.add("-cp");
    command.add(classPath);
    command.add(main.getName());
    command.addAll(arguments);
    return command;
  }
}
