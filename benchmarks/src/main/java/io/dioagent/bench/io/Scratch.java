package io.dioagent.bench.io;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The directory of a run, deleted at its end, also if interrupted. */
public final class Scratch implements AutoCloseable {
  private final Path directory;
  private final Thread atExit;

  private Scratch(Path directory) {
    this.directory = directory;
    this.atExit = new Thread(this::deleteQuietly, "delete " + directory);
  }

  public static Scratch in(Path parent) throws IOException {
    Scratch scratch = new Scratch(Files.createTempDirectory(parent, "dio-bench-").toRealPath());
    Runtime.getRuntime().addShutdownHook(scratch.atExit);
    return scratch;
  }

  public Path directory() {
    return directory;
  }

  /** Returns the path of a file, which need not exist. */
  public Path file(String name) {
    return directory.resolve(name);
  }

  @Override
  public void close() throws IOException {
    delete();
    Runtime.getRuntime().removeShutdownHook(atExit);
  }

  private void deleteQuietly() {
    try {
      delete();
    } catch (IOException | UncheckedIOException e) {
      System.err.println("benchmarks: not deleted: " + e.getMessage());
    }
  }

  private void delete() throws IOException {
    delete(directory);
  }

  /**
   * Deletes a file or a directory recursively, and forces the next transaction of the file system,
   * which frees the space. Otherwise gigabytes deleted and written in turns would fill it.
   */
  public static void free(Path path) throws IOException {
    delete(path);
    try (FileChannel parent = FileChannel.open(path.getParent(), StandardOpenOption.READ)) {
      parent.force(true);
    }
  }

  private static void delete(Path root) throws IOException {
    if (!Files.exists(root)) {
      return;
    }
    List<Path> deepestFirst;
    try (Stream<Path> paths = Files.walk(root)) {
      deepestFirst = paths.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : deepestFirst) {
      Files.deleteIfExists(path);
    }
  }
}
