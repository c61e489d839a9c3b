package io.dioagent.bench.work;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Counts the descriptors of this process. */
final class OpenDescriptors {
  private static final Path ALL = Path.of("/proc/self/fd");

  private OpenDescriptors() {}

  /** Returns how many are open on a file. */
  static long of(Path file) throws IOException {
    List<Path> links;
    try (Stream<Path> all = Files.list(ALL)) {
      links = all.toList();
    }
    return links.stream().filter(link -> isOpenOn(link, file)).count();
  }

  private static boolean isOpenOn(Path link, Path file) {
    try {
      return Files.readSymbolicLink(link).equals(file);
    } catch (IOException e) {
      return false; // Closed meanwhile, as the one that listed the directory.
    }
  }
}
