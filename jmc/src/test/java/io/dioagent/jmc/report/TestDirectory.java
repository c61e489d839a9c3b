package io.dioagent.jmc.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A directory on the build's disk, because /tmp may be in memory. Closing deletes it. */
final class TestDirectory implements AutoCloseable {
  private final Path directory;

  TestDirectory() {
    try {
      Path parent = Path.of(System.getProperty("basedir", ""), "target", "scratch");
      directory = Files.createTempDirectory(Files.createDirectories(parent), "t").toRealPath();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path file(String name) {
    return directory.resolve(name);
  }

  /** Returns the names of its files. */
  List<String> names() throws IOException {
    try (Stream<Path> all = Files.list(directory)) {
      return all.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  @Override
  public void close() {
    delete(directory);
  }

  /** Deletes a directory with its contents. */
  static void delete(Path directory) {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
