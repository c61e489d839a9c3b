package io.dioagent.bench;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * The options of a study.
 *
 * @param length sets the number of pairs, length of samples and size of files
 * @param pairs number of pairs per row
 * @param calm whether to wait for low CPU use by other processes, and to repeat disturbed pairs
 * @param directory directory of test files; empty for the default
 * @param only names of the rows to measure; empty for all
 * @param java java command of the forked JVMs; empty for the running one
 * @param agent the agent's jar; empty for that of this build
 * @param list whether to print only the names of rows
 * @param help whether to print only the usage
 */
record Options(
    Length length,
    int pairs,
    boolean calm,
    Optional<Path> directory,
    List<String> only,
    Optional<Path> java,
    Optional<Path> agent,
    boolean list,
    boolean help) {

  static final String USAGE =
      """
      usage: benchmarks/run.sh [table] [--quick | --short] [--pairs N] [--calm] [--dir DIR]
                               [--only ROW]... [--java PATH] [--agent JAR] [--list] [--help]
             benchmarks/run.sh PART|all [--help] ...
        --quick       one pair of tiny samples: a smoke test without useful numbers
        --short       two pairs of short samples: less than five minutes
        --pairs N     pairs per row, 1 to 1000 (default 5)
        --calm        wait, up to 2 minutes, until other processes take less than 15% of the CPUs
                      before each pair; repeat it, up to 4 times, if they took more meanwhile
        --dir DIR     test files: an existing directory on a disk with O_DIRECT and 11 GiB
                      free (default benchmarks/target/data)
        --only ROW    only this row; repeatable
        --java PATH   java command for the forked JVMs (default: the running one)
        --agent JAR   the agent (default agent/target/dio-agent.jar)
        --list        print the names of the rows
        --help        print this
      """;

  private static final int MAX_PAIRS = 1000;

  Options {
    only = List.copyOf(only);
  }

  static Options parse(List<String> arguments, List<String> rowNames) throws UsageException {
    Length length = Length.FULL;
    boolean calm = false;
    boolean list = false;
    boolean help = false;
    Optional<Integer> pairs = Optional.empty();
    Optional<Path> directory = Optional.empty();
    List<String> only = new ArrayList<>();
    Optional<Path> java = Optional.empty();
    Optional<Path> agent = Optional.empty();
    Iterator<String> rest = arguments.iterator();
    while (rest.hasNext()) {
      String name = rest.next();
      switch (name) {
        case "--quick" -> length = shorter(length, Length.QUICK);
        case "--short" -> length = shorter(length, Length.SHORT);
        case "--calm" -> calm = true;
        case "--list" -> list = true;
        case "--help" -> help = true;
        case "--pairs" -> pairs = Optional.of(pairs(valueOf(name, rest)));
        case "--dir" -> directory = Optional.of(directory(valueOf(name, rest)));
        case "--only" -> only.add(row(valueOf(name, rest), rowNames));
        case "--java" -> java = Optional.of(java(valueOf(name, rest)));
        case "--agent" -> agent = Optional.of(agent(valueOf(name, rest)));
        default -> throw new UsageException("unknown argument " + name);
      }
    }
    return new Options(
        length, pairs.orElse(length.pairs()), calm, directory, only, java, agent, list, help);
  }

  private static Length shorter(Length current, Length asked) throws UsageException {
    if (current != Length.FULL && current != asked) {
      throw new UsageException("--quick and --short exclude each other");
    }
    return asked;
  }

  private static String valueOf(String name, Iterator<String> rest) throws UsageException {
    if (!rest.hasNext()) {
      throw new UsageException(name + " needs a value");
    }
    return rest.next();
  }

  private static int pairs(String value) throws UsageException {
    try {
      int pairs = Integer.parseInt(value);
      if (pairs >= 1 && pairs <= MAX_PAIRS) {
        return pairs;
      }
    } catch (NumberFormatException e) {
      // Reported below, like a number out of range.
    }
    throw new UsageException("--pairs is " + value + ", expected a number from 1 to " + MAX_PAIRS);
  }

  private static String row(String value, List<String> rowNames) throws UsageException {
    if (!rowNames.contains(value)) {
      throw new UsageException(
          "--only is " + value + ", expected one of " + String.join(", ", rowNames));
    }
    return value;
  }

  private static Path directory(String value) throws UsageException {
    Path path = path("--dir", value);
    if (!Files.isDirectory(path) || !Files.isWritable(path)) {
      throw new UsageException("--dir is " + value + ", expected a directory that can be written");
    }
    return path;
  }

  private static Path java(String value) throws UsageException {
    Path path = path("--java", value);
    if (!Files.isRegularFile(path) || !Files.isExecutable(path)) {
      throw new UsageException("--java is " + value + ", expected a java command");
    }
    return path;
  }

  private static Path agent(String value) throws UsageException {
    Path path = path("--agent", value);
    if (!Files.isRegularFile(path)) {
      throw new UsageException("--agent is " + value + ", expected the agent's jar");
    }
    return path;
  }

  private static Path path(String name, String value) throws UsageException {
    try {
      return Path.of(value).toAbsolutePath().normalize();
    } catch (InvalidPathException e) {
      throw new UsageException(name + " is " + value + ", which is not a path");
    }
  }
}
