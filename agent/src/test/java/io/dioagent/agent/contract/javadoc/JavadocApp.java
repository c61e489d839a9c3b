package io.dioagent.agent.contract.javadoc;

import io.dioagent.agent.contract.Directories;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Runs every case on a plain and on a tagged file and prints a line for each: {@code equal}, {@code
 * different}, {@code broken} (the Javadoc's promise does not hold, on both sides alike) or {@code
 * skipped}, with the case; below it, indented, what was different, broken, or why it was skipped.
 *
 * <p>Arguments: a directory, in which it works in {@code plain}, {@code tagged} and {@code
 * neutral}; and a {@link Damage}.
 */
public final class JavadocApp {
  private static final long LONGEST_MILLIS = 60_000;
  private static final int MOST_CHARACTERS = 2000;

  private final Path directory;
  private final Damage damage;
  private final OtherProgram other = new OtherProgram();

  private JavadocApp(Path directory, Damage damage) {
    this.directory = directory;
    this.damage = damage;
  }

  /** Ends with 0 whatever was seen. */
  public static void main(String[] args) throws Exception {
    JavadocApp app = new JavadocApp(Path.of(args[0]), Damage.valueOf(args[1]));
    try {
      for (Case one : Cases.all()) {
        app.run(one);
      }
      System.out.println("left open: " + app.leftOpen());
    } finally {
      app.other.close();
    }
    System.out.flush();
    Runtime.getRuntime().halt(0); // A case that hangs was reported, and must not keep the JVM.
  }

  private void run(Case one) throws Exception {
    if (Runtime.version().feature() < one.sinceFeature()) {
      print("skipped", one, List.of("JDK " + Runtime.version().feature() + " does not have this"));
      return;
    }
    try {
      Seen plain = runOn("plain", one, Damage.NONE);
      Seen tagged = runOn("tagged", one, damage);
      if (!plain.facts().equals(tagged.facts()) || !plain.broken().equals(tagged.broken())) {
        print("different", one, differences(plain, tagged));
      } else {
        print(plain.broken().isEmpty() ? "equal" : "broken", one, plain.broken());
      }
    } catch (Skipped e) {
      print("skipped", one, List.of(e.getMessage()));
    }
  }

  private Seen runOn(String name, Case one, Damage struck) throws Exception {
    Path own = Files.createDirectories(directory.resolve(name).resolve("case-" + one.number()));
    Path neutral = Files.createDirectories(directory.resolve("neutral").resolve(name));
    Side side = new Side(own, neutral, other);
    Seen seen = new Seen(side::anonymous);
    Skipped[] skipped = new Skipped[1];
    Thread thread =
        new Thread(
            () -> {
              try {
                one.body().run(side, seen);
              } catch (Skipped e) {
                skipped[0] = e;
              } catch (Exception | Error e) {
                seen.unexpected(e);
              }
              seen.value("interrupted", Thread.interrupted());
              try {
                side.close();
              } catch (IOException | RuntimeException | Error e) {
                seen.unexpected(e);
              }
            },
            "case-" + one.number());
    thread.setDaemon(true);
    thread.start();
    thread.join(LONGEST_MILLIS);
    if (thread.isAlive()) {
      seen.unexpected(hung(thread));
      return seen;
    }
    if (skipped[0] != null) {
      throw skipped[0];
    }
    struck.strike(side, seen);
    side.report(seen);
    Directories.delete(own);
    Directories.delete(neutral);
    return seen;
  }

  private static Throwable hung(Thread thread) {
    IllegalStateException hung = new IllegalStateException("hung");
    hung.setStackTrace(thread.getStackTrace());
    return hung;
  }

  private static List<String> differences(Seen plain, Seen tagged) {
    List<String> differences = new ArrayList<>();
    List<String> first = plain.facts();
    List<String> second = tagged.facts();
    for (int i = 0; i < Math.max(first.size(), second.size()); i++) {
      String one = i < first.size() ? first.get(i) : "nothing more";
      String two = i < second.size() ? second.get(i) : "nothing more";
      if (!one.equals(two)) {
        differences.add("plain  " + one);
        differences.add("tagged " + two);
      }
    }
    plain.broken().forEach(how -> differences.add("plain broken " + how));
    tagged.broken().forEach(how -> differences.add("tagged broken " + how));
    return differences;
  }

  private static void print(String verdict, Case one, List<String> details) {
    StringBuilder lines = new StringBuilder(verdict + " " + one + "\n");
    for (String detail : details) {
      lines.append("    ").append(inOneLine(detail)).append('\n');
    }
    System.out.print(lines);
  }

  private static String inOneLine(String text) {
    String line = text.replace("\n", "\\n").replace("\r", "\\r");
    return line.length() <= MOST_CHARACTERS ? line : line.substring(0, MOST_CHARACTERS) + "...";
  }

  /**
   * Returns the files left open. Waits for the agent's own descriptors, which the last thread
   * closes when it ends.
   */
  private List<String> leftOpen() throws IOException, InterruptedException {
    long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    List<String> left = openNow();
    while (!left.isEmpty() && System.nanoTime() - giveUp < 0) {
      Thread.sleep(10);
      left = openNow();
    }
    return left;
  }

  /** Descriptors of this process on files of this directory. */
  private List<String> openNow() throws IOException {
    List<Path> descriptors;
    try (Stream<Path> listed = Files.list(Path.of("/proc/self/fd"))) {
      descriptors = listed.toList();
    }
    List<String> left = new ArrayList<>();
    for (Path descriptor : descriptors) {
      String target = target(descriptor);
      if (target.startsWith(directory.toString())) {
        left.add(directory.relativize(Path.of(target)).toString());
      }
    }
    return left;
  }

  private static String target(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString();
    } catch (IOException e) {
      return ""; // The listing's own, which is closed by now.
    }
  }
}
