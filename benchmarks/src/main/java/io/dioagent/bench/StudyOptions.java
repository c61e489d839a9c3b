package io.dioagent.bench;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * What the user asked a study for.
 *
 * @param length how long it may take
 * @param directory where test files go; empty for the default
 * @param java the java command of the forked JVMs; empty for the one that runs this
 * @param agent the agent's jar; empty for the one this project builds
 * @param help print the usage and stop
 */
record StudyOptions(
    Length length,
    Optional<Path> directory,
    Optional<Path> java,
    Optional<Path> agent,
    boolean help) {

  static StudyOptions parse(List<String> arguments) throws UsageException {
    Length length = Length.FULL;
    Optional<Path> directory = Optional.empty();
    Optional<Path> java = Optional.empty();
    Optional<Path> agent = Optional.empty();
    boolean help = false;
    Iterator<String> rest = arguments.iterator();
    while (rest.hasNext()) {
      String name = rest.next();
      switch (name) {
        case "--quick" -> length = Length.QUICK;
        case "--short" -> length = Length.SHORT;
        case "--dir" -> directory = Optional.of(directory(name, rest));
        case "--java" -> java = Optional.of(file(name, rest));
        case "--agent" -> agent = Optional.of(file(name, rest));
        case "--help" -> help = true;
        default -> throw new UsageException("unknown argument " + name);
      }
    }
    return new StudyOptions(length, directory, java, agent, help);
  }

  static String usage(String name) {
    return """
        usage: benchmarks/run.sh %s [--quick|--short] [--dir DIR] [--java PATH] [--agent JAR]
          --quick       seconds: shows that everything runs, measures nothing
          --short       fewer and shorter samples, smaller files
          --dir DIR     where test files go: an existing directory on a disk with O_DIRECT
                        (default benchmarks/target/data)
          --java PATH   java command for the forked JVMs (default: the one that runs this)
          --agent JAR   the agent (default agent/target/dio-agent.jar)
        """
        .formatted(name);
  }

  private static Path directory(String name, Iterator<String> rest) throws UsageException {
    Path path = path(name, rest);
    if (!Files.isDirectory(path) || !Files.isWritable(path)) {
      throw new UsageException(name + " is " + path + ", expected a directory that can be written");
    }
    return path;
  }

  private static Path file(String name, Iterator<String> rest) throws UsageException {
    Path path = path(name, rest);
    if (!Files.isRegularFile(path)) {
      throw new UsageException(name + " is " + path + ", expected a file");
    }
    return path;
  }

  private static Path path(String name, Iterator<String> rest) throws UsageException {
    if (!rest.hasNext()) {
      throw new UsageException(name + " needs a value");
    }
    String value = rest.next();
    try {
      return Path.of(value).toAbsolutePath().normalize();
    } catch (InvalidPathException e) {
      throw new UsageException(name + " is " + value + ", which is not a path");
    }
  }
}
