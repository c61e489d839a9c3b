package io.dioagent.agent.contract.random;

import io.dioagent.agent.contract.Command;
import io.dioagent.agent.contract.Directories;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Several threads do random operations on one file at once, each in stripes of its own, by all the
 * ways there are and by channels that they share; a stripe must hold what its thread wrote last,
 * however it is read. What they append must be there, too. An application without the agent; run it
 * as {@link RandomOperations}, under an agent whose tag is {@code DIR/tagged/**}.
 *
 * <pre>
 * directory=DIR     removed and made again
 * operations=N      of all threads together, 20000 by default
 * threads=N         4 by default
 * seed=N            random by default, and printed
 * sabotage=any      damages the file after 9 in 10 of the operations: must end with 1
 * </pre>
 *
 * <p>Ends with 0 if all was there, with 1 if not, and then prints the command that tries the same
 * again; how the threads meet depends on more than the seed.
 */
public final class CrowdOperations {
  private final FuzzOptions options;
  private final Path directory;
  private final int threads;

  /** The first difference, with its thread's last operation. */
  private final AtomicReference<String> difference = new AtomicReference<>();

  private CrowdOperations(FuzzOptions options) {
    this.options = options;
    directory = options.directory();
    threads = options.number("threads", 4);
  }

  /** See above. */
  public static void main(String[] args) throws Exception {
    System.exit(new CrowdOperations(new FuzzOptions(args)).run() ? 0 : 1);
  }

  private boolean run() throws Exception {
    System.out.println(
        "seed "
            + options.seed()
            + ", "
            + options.operations()
            + " operations of "
            + threads
            + " threads in "
            + directory);
    long start = System.nanoTime();
    Directories.delete(directory);
    try {
      Path outside = Files.createDirectories(directory.resolve("outside"));
      FileSide side =
          new FileSide(Files.createDirectory(directory.resolve("tagged")), outside, outside);
      Dice dice = new Dice(options.seed());
      Stripes stripes = new Stripes(threads, dice);
      Tail tail = new Tail(threads);
      make(side, stripes.endOffset());
      for (boolean mayHold : new boolean[] {false, true}) {
        try (SharedFile file = new SharedFile(side, mayHold, dice)) {
          runAll(file, stripes, tail, options.operations() / 2);
        }
      }
      if (difference.get() == null) {
        compareFromOutside(side, stripes, tail);
      }
    } catch (Difference e) {
      difference.compareAndSet(null, e.getMessage());
    } finally {
      Directories.delete(directory);
    }
    if (difference.get() != null) {
      System.out.println("DIFFERENCE of seed " + options.seed() + ": " + difference.get());
      System.out.println("again, in " + Path.of("").toAbsolutePath() + ":");
      System.out.println("  " + options.commandAgain(options.operations()));
      return false;
    }
    long millis = (System.nanoTime() - start) / 1_000_000;
    System.out.println(
        "no difference in " + options.operations() + " operations, " + millis + " ms");
    return true;
  }

  private static void make(FileSide side, long lengthBytes) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(side.file().toFile(), "rw")) {
      file.setLength(lengthBytes);
    }
    Names.makeLinks(side);
  }

  private void runAll(SharedFile file, Stripes stripes, Tail tail, int operations)
      throws Exception {
    List<Thread> running = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      boolean sabotages = i == 0 && options.get("sabotage") != null;
      Dice dice = new Dice(options.seed() * 31 + i + (file.mayHold() ? threads : 0));
      StripeOwner owner = new StripeOwner(i, dice, file, stripes, tail);
      Thread thread =
          new Thread(
              () -> {
                String found = owner.run(operations / threads, sabotages, this::isOver);
                if (found != null) {
                  difference.compareAndSet(null, found);
                }
              },
              "owner " + i);
      running.add(thread);
      thread.start();
    }
    for (Thread thread : running) {
      thread.join();
    }
  }

  private boolean isOver() {
    return difference.get() != null;
  }

  /** Other processes' view, after all has been closed. */
  private void compareFromOutside(FileSide side, Stripes stripes, Tail tail)
      throws Difference, IOException {
    Path expected = Files.write(directory.resolve("expected"), stripes.all());
    Path copy = directory.resolve("copy");
    String end = String.valueOf(stripes.endOffset());
    String cmp = Command.run("cmp", "-n", end, side.file().toString(), expected.toString()).out();
    if (!cmp.isEmpty()) {
      throw new Difference("cmp", cmp, "");
    }
    Command.run("cp", side.file().toString(), copy.toString()).expectExit(0);
    byte[] all = Files.readAllBytes(copy);
    tail.expect(Arrays.copyOfRange(all, (int) stripes.endOffset(), all.length));
  }
}
