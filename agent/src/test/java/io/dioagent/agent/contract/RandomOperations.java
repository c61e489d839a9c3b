package io.dioagent.agent.contract;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Does random operations on a file that is tagged and on one that is not, and compares them after
 * each: what was answered or thrown, what the buffers and the channels are left at, sizes, and
 * content. An application without the agent; run it under one whose tag is {@code DIR/tagged/**}.
 *
 * <pre>
 * java -javaagent:agent/target/dio-agent.jar='tag=/tmp/fuzz/tagged/**' -cp agent/target/test-classes
 *     io.dioagent.agent.contract.RandomOperations directory=/tmp/fuzz operations=200000 seed=42
 *
 * directory=DIR     removed and made again
 * operations=N      20000 by default
 * seed=N            random by default, and printed
 * log=all           every operation to stdout
 * sabotage=KIND     damages the tagged file after 9 in 10 of the operations: must end with 1
 * </pre>
 *
 * <p>Ends with 0 if there was no difference, with 1 if there was one, and then prints the command
 * that shows it again.
 */
public final class RandomOperations {
  private static final int COMPARE_ALL_EVERY = 200;
  private static final int REMEMBERED = 25;

  private final Path directory;
  private final int operations;
  private final long seed;
  private final boolean logAll;
  private final Sabotage sabotage;
  private final Deque<String> last = new ArrayDeque<>();

  private RandomOperations(Map<String, String> options) {
    directory = Path.of(options.getOrDefault("directory", "fuzz")).toAbsolutePath();
    operations = Integer.parseInt(options.getOrDefault("operations", "20000"));
    String given = options.get("seed");
    seed = given == null ? new SplittableRandom().nextInt(1_000_000_000) : Long.parseLong(given);
    logAll = "all".equals(options.get("log"));
    String kind = options.get("sabotage");
    sabotage = kind == null ? null : Sabotage.valueOf(kind.toUpperCase(Locale.ROOT));
  }

  /** See above. */
  public static void main(String[] args) throws IOException {
    Map<String, String> options = new HashMap<>();
    for (String arg : args) {
      int equals = arg.indexOf('=');
      options.put(arg.substring(0, equals), arg.substring(equals + 1));
    }
    System.exit(new RandomOperations(options).run() ? 0 : 1);
  }

  private boolean run() throws IOException {
    System.out.println("seed " + seed + ", " + operations + " operations in " + directory);
    long start = System.nanoTime();
    Directories.delete(directory);
    try {
      Path tagged = Files.createDirectories(directory.resolve("tagged"));
      Path plain = Files.createDirectories(directory.resolve("plain"));
      Path source = Files.write(plain.resolve("source"), Operations.source());
      FileSide plainSide = new FileSide(plain.resolve("file"), plain.resolve("sink"), source);
      try (Twin twin =
          new Twin(
              new FileSide(tagged.resolve("file"), plain.resolve("tagged-sink"), source),
              plainSide)) {
        int done = run(twin, new Operations(seed, plainSide));
        if (done < operations) {
          return false;
        }
      }
    } finally {
      Directories.delete(directory);
    }
    long millis = (System.nanoTime() - start) / 1_000_000;
    System.out.println("no difference in " + operations + " operations, " + millis + " ms");
    return true;
  }

  /** Answers how many operations made no difference. */
  private int run(Twin twin, Operations source) throws IOException {
    for (int number = 1; number <= operations; number++) {
      Operation operation = source.next(number);
      remember(number + ": " + operation);
      boolean strikes =
          sabotage != null && operation.range() != null && number > operations / 10 * 9;
      try {
        twin.run(operation, strikes ? sabotage : null);
        if (number % COMPARE_ALL_EVERY == 0 || number == operations) {
          twin.compareAll();
        }
      } catch (Difference e) {
        report(number, operation, e);
        return number - 1;
      }
    }
    return operations;
  }

  private void remember(String operation) {
    if (logAll) {
      System.out.println(operation);
    }
    last.addLast(operation);
    if (last.size() > REMEMBERED) {
      last.removeFirst();
    }
  }

  private void report(int number, Operation operation, Difference difference) {
    System.out.println("DIFFERENCE after operation " + number + " of seed " + seed);
    System.out.println(operation + ": " + difference.getMessage());
    System.out.println("the last operations:");
    last.forEach(line -> System.out.println("  " + line));
    System.out.println("again, in " + Path.of("").toAbsolutePath() + ":");
    System.out.println("  " + command(number));
  }

  /** The command line of this JVM, with the seed and without what comes behind the difference. */
  private String command(int number) {
    ProcessHandle.Info process = ProcessHandle.current().info();
    StringBuilder command = new StringBuilder(process.command().orElse("java"));
    for (String argument : process.arguments().orElse(new String[0])) {
      if (!argument.startsWith("seed=")
          && (sabotage != null || !argument.startsWith("operations="))) {
        command.append(" '").append(argument).append('\'');
      }
    }
    String operationsArgument = sabotage != null ? "" : " operations=" + number;
    return command + " seed=" + seed + operationsArgument;
  }
}
