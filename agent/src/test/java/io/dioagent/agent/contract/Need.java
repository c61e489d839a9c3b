package io.dioagent.agent.contract;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/** Checks a test's requirements on the machine. Skips the test with a reason if one is missing. */
public final class Need {
  /** They accept O_DIRECT, and go through memory all the same. */
  private static final Set<String> IN_MEMORY = Set.of("tmpfs", "ramfs", "btrfs");

  private Need() {}

  /** Skips the test, with the reason printed, unless the condition holds. */
  public static void that(boolean condition, String reasonIfNot) {
    if (!condition) {
      System.out.println("skipped: " + reasonIfNot);
    }
    assumeTrue(condition, reasonIfNot);
  }

  /** A writable directory. */
  public static Path directory(String path) {
    Path directory = Path.of(path);
    that(
        Files.isDirectory(directory) && Files.isWritable(directory), "no " + path + " to write in");
    return directory;
  }

  /** A directory whose files take direct writes, past memory. */
  public static void directWrites(Path directory) throws IOException {
    String type = Files.getFileStore(directory).type();
    that(!IN_MEMORY.contains(type), directory + " is on " + type + ", which is no disk");
    Path probe = directory.resolve("probe");
    command("dd", "if=/dev/zero", "of=" + probe, "bs=4096", "count=1", "oflag=direct");
    Files.delete(probe);
  }

  /** A command that ends with 0, such as one with --version. */
  public static void command(String... command) {
    that(Command.run(command).exitCode() == 0, "does not work: " + String.join(" ", command));
  }
}
