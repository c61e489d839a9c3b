package io.dioagent.bench;

import io.dioagent.bench.io.Commands;
import io.dioagent.bench.io.JavaFork;
import io.dioagent.bench.io.Scratch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The environment of every row.
 *
 * @param effort the amount of work per sample
 * @param java the java command of the forked JVMs
 * @param agent the expected path of the agent's jar
 * @param classPath the class path of the forked JVMs
 * @param scratch the directory of test files
 * @param commands runs processes
 */
public record Bench(
    Effort effort, Path java, Path agent, String classPath, Scratch scratch, Commands commands) {

  /** Returns a forked JVM without the agent. */
  public JavaFork plainFork() {
    return new JavaFork(commands, java, classPath, Optional.empty(), effort.jvmOptions());
  }

  /**
   * Returns a forked JVM under the agent.
   *
   * @param options more options of the agent, each key=value
   */
  public JavaFork taggedFork(String tag, String... options) {
    Optional<String> argument = Optional.of(agentArgument(tag, options));
    return new JavaFork(commands, java, classPath, argument, effort.jvmOptions());
  }

  /** Returns the JVM argument for the agent with one tag and more options. */
  public String agentArgument(String tag, String... options) {
    String suffix = options.length == 0 ? "" : "," + String.join(",", options);
    return "-javaagent:" + agent + "=tag=" + tag + suffix;
  }

  /** Returns why rows that need the agent cannot be measured; empty if they can. */
  public Optional<String> whyNoAgent() {
    return Files.isRegularFile(agent)
        ? Optional.empty()
        : Optional.of("no " + agent.getFileName() + ", build it with mvn package");
  }
}
