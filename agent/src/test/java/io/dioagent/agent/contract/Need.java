package io.dioagent.agent.contract;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/** What a test needs of the machine. Where it is not there the test is skipped, and says why. */
final class Need {
  private Need() {}

  /** Skips the test, with the reason printed, unless the condition holds. */
  static void that(boolean condition, String reasonIfNot) {
    if (!condition) {
      System.out.println("skipped: " + reasonIfNot);
    }
    assumeTrue(condition, reasonIfNot);
  }

  /** A writable directory. */
  static Path directory(String path) {
    Path directory = Path.of(path);
    that(
        Files.isDirectory(directory) && Files.isWritable(directory), "no " + path + " to write in");
    return directory;
  }

  /** A command that ends with 0, such as one with --version. */
  static void command(String... command) {
    that(Command.run(command).exitCode() == 0, "does not work: " + String.join(" ", command));
  }
}
