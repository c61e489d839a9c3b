package io.dioagent.agent.contract;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** A directory of one test, by its real path, removed at its end. */
public final class Scratch implements AutoCloseable {
  private final Path directory;

  private Scratch(Path directory) {
    this.directory = directory;
  }

  /** On the file system that the project is on. */
  public static Scratch onDisk() {
    return in(Path.of("target"));
  }

  /** Below a directory that is there. */
  public static Scratch in(Path base) {
    try {
      Path directory = Files.createTempDirectory(base.toRealPath(), "dio-it-");
      // For tests that go on as another user.
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
      return new Scratch(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public Path directory() {
    return directory;
  }

  public Path resolve(String name) {
    return directory.resolve(name);
  }

  /** A new directory in it. */
  public Path newDirectory(String name) throws IOException {
    return Files.createDirectory(directory.resolve(name));
  }

  @Override
  public void close() {
    try {
      Directories.delete(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
