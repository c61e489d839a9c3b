package io.dioagent.bench.footprint;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * The options of the footprint part.
 *
 * @param rounds number of starts of each JVM
 * @param directory directory of test files; empty for the default
 * @param java the java command of one JDK; empty for JDK 17 and 25
 * @param agent the agent's jar; empty for that of this build
 */
record FootprintOptions(
    int rounds, Optional<Path> directory, Optional<Path> java, Optional<Path> agent) {

  static final String USAGE =
      """
      usage: benchmarks/run.sh footprint [--quick | --short | --rounds N] [--dir DIR]
                                         [--java PATH] [--agent JAR]
        --quick       one round: a smoke test without useful numbers
        --short       2 rounds
        --rounds N    starts of each JVM, 1 to 1000 (default 7)
        --dir DIR     test files (default benchmarks/target/data)
        --java PATH   the only java command to measure (default: JDK 17 and 25, if installed
                      beside the running one)
        --agent JAR   the agent (default agent/target/dio-agent.jar)
      """;

  private static final int DEFAULT_ROUNDS = 7;
  private static final int SHORT_ROUNDS = 2;
  private static final int MAX_ROUNDS = 1000;

  /**
   * Parses the options.
   *
   * @throws IllegalArgumentException with one line if they are wrong
   */
  static FootprintOptions parse(List<String> arguments) {
    int rounds = DEFAULT_ROUNDS;
    Optional<Path> directory = Optional.empty();
    Optional<Path> java = Optional.empty();
    Optional<Path> agent = Optional.empty();
    Iterator<String> rest = arguments.iterator();
    while (rest.hasNext()) {
      String name = rest.next();
      switch (name) {
        case "--quick" -> rounds = 1;
        case "--short" -> rounds = SHORT_ROUNDS;
        case "--rounds" -> rounds = rounds(valueOf(name, rest));
        case "--dir" -> directory = Optional.of(existing(name, rest));
        case "--java" -> java = Optional.of(existing(name, rest));
        case "--agent" -> agent = Optional.of(existing(name, rest));
        default -> throw new IllegalArgumentException("unknown argument " + name);
      }
    }
    return new FootprintOptions(rounds, directory, java, agent);
  }

  private static String valueOf(String name, Iterator<String> rest) {
    if (!rest.hasNext()) {
      throw new IllegalArgumentException(name + " needs a value");
    }
    return rest.next();
  }

  private static int rounds(String value) {
    try {
      int rounds = Integer.parseInt(value);
      if (rounds >= 1 && rounds <= MAX_ROUNDS) {
        return rounds;
      }
    } catch (NumberFormatException e) {
      // Reported below, like a number out of range.
    }
    throw new IllegalArgumentException(
        "--rounds is " + value + ", expected a number from 1 to " + MAX_ROUNDS);
  }

  private static Path existing(String name, Iterator<String> rest) {
    String value = valueOf(name, rest);
    Path path = Path.of(value).toAbsolutePath().normalize();
    if (!Files.exists(path)) {
      throw new IllegalArgumentException(name + " is " + value + ", which does not exist");
    }
    return path;
  }
}
