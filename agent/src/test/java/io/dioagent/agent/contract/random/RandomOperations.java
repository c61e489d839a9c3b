package io.dioagent.agent.contract.random;

import io.dioagent.agent.contract.Directories;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;

/**
 * Does random operations on a file that is tagged and on one that is not, and compares them: after
 * each what was answered or thrown, and what the buffers are left at; after most, and after each of
 * a few in a row, channels' positions, sizes, and content; at the end, from another process. An
 * application without the agent; run it under one whose tag is {@code DIR/tagged/**}.
 *
 * <pre>
 * java -javaagent:agent/target/dio-agent.jar='tag=/tmp/fuzz/tagged/**' -cp agent/target/test-classes
 *     io.dioagent.agent.contract.random.RandomOperations directory=/tmp/fuzz operations=200000 seed=42
 *
 * directory=DIR     removed and made again
 * operations=N      20000 by default
 * seed=N            random by default, and printed
 * log=all           every operation to stdout
 * look=all          compares all after each operation: slow, and finds where it began
 * sabotage=KIND     damages the tagged file after 9 in 10 of the operations: must end with 1
 * </pre>
 *
 * <p>Ends with 0 if there was no difference, with 1 if there was one, and then prints the command
 * that shows it again.
 */
public final class RandomOperations {
  private static final int COMPARE_ALL_EVERY = 200;
  private static final int REMEMBERED = 25;

  /**
   * Limits the operations without a comparison. Comparing reads: pending data may have to stay so.
   */
  private static final int MOST_UNSEEN = 20;

  private final FuzzOptions options;
  private final Path directory;
  private final int operations;
  private final long seed;
  private final boolean logAll;
  private final boolean lookAtAll;
  private final Sabotage sabotage;
  private final Deque<String> last = new ArrayDeque<>();

  private RandomOperations(FuzzOptions options) {
    this.options = options;
    directory = options.directory();
    operations = options.operations();
    seed = options.seed();
    logAll = "all".equals(options.get("log"));
    lookAtAll = "all".equals(options.get("look"));
    String kind = options.get("sabotage");
    sabotage = kind == null ? null : Sabotage.valueOf(kind.toUpperCase(Locale.ROOT));
  }

  /** See above. */
  public static void main(String[] args) throws IOException {
    System.exit(new RandomOperations(new FuzzOptions(args)).run() ? 0 : 1);
  }

  private boolean run() throws IOException {
    System.out.println("seed " + seed + ", " + operations + " operations in " + directory);
    long start = System.nanoTime();
    Directories.delete(directory);
    try {
      Path source =
          Files.write(Files.createDirectories(directory).resolve("source"), Operations.source());
      FileSide plain = side("plain", source);
      try (Twin twin = new Twin(side("tagged", source), plain)) {
        int done = run(twin, new Operations(seed, plain));
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

  private FileSide side(String name, Path source) throws IOException {
    Path outside = Files.createDirectories(directory.resolve("outside-" + name));
    FileSide side = new FileSide(Files.createDirectory(directory.resolve(name)), outside, source);
    Names.makeSymbolicLink(side);
    return side;
  }

  /** Answers how many operations made no difference. */
  private int run(Twin twin, Operations source) throws IOException {
    Dice looks = new Dice(~seed);
    int unseen = 0;
    for (int number = 1; number <= operations; number++) {
      Operation operation = source.next(number);
      remember(number + ": " + operation);
      boolean strikes =
          sabotage != null && operation.range() != null && number > operations / 10 * 9;
      try {
        twin.run(operation, strikes ? sabotage : null);
        Reading reading = Reading.any(looks, Operations.mayHold(number));
        if (number == operations) {
          twin.compareAll(reading);
          twin.compareFromOutside();
        } else if (lookAtAll || number % COMPARE_ALL_EVERY == 0) {
          twin.compareAll(reading);
        } else if (unseen > 0) {
          unseen--;
        } else {
          twin.look(reading);
          unseen = looks.percent(70) ? 0 : looks.below(MOST_UNSEEN);
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
    // A sabotage begins at 9 in 10 of them all: without the last ones it would be another.
    int again = sabotage == null ? number : operations;
    System.out.println("  " + options.commandAgain(again));
  }
}
