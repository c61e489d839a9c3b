package io.dioagent.bench.footprint;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * What the user asked for.
 *
 * @param rounds how often each JVM is started
 * @param directory where files are written; empty for the default
 * @param java the only JDK's java command; empty for JDK 17 and 25
 * @param agent the agent's jar; empty for the one this project builds
 */
record FootprintOptions(
    int rounds, Optional<Path> directory, Optional<Path> java, Optional<Path> agent) {

  static final String USAGE =
      """
      usage: benchmarks/run.sh footprint [--quick | --short | --rounds N] [--dir DIR]
                                         [--java PATH] [--agent JAR]
        --quick       one round: shows that everything runs, measures nothing
        --short       2 rounds
        --rounds N    how often each JVM is started, 1 to 1000 (default 7)
        --dir DIR     where test files go (default benchmarks/target/data)
        --java PATH   the only java command to measure (default: JDK 17 and 25, where there are any
                      beside the one that runs this)
        --agent JAR   the agent (default agent/target/dio-agent.jar)
      """;

  private static final int DEFAULT_ROUNDS = 7;
  private static final int SHORT_ROUNDS = 2;
  private static final int MAX_ROUNDS = 1000;

  /**
   * Reads them.
   *
   * @throws IllegalArgumentException with one line if they cannot be followed
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
      // Told below, like a number out of range.
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
