package io.dioagent.samples.faults;

import java.nio.file.Files;
import java.nio.file.Path;

/** Finds the programs that the build compiled from src/test/c. */
final class Natives {
  private Natives() {}

  static Path path(String name) {
    Path path = Path.of("target", "faults", "bin", name).toAbsolutePath();
    if (!Files.exists(path)) {
      throw new IllegalStateException(path + " is missing: the Maven profile faults makes it");
    }
    return path;
  }
}
