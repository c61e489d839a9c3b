package io.dioagent.samples.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The directory of one test, contained in the names of its files, mounts, backing files and process
 * arguments. A guard process in a session of its own watches this JVM through a pipe. When the JVM
 * has ended for any reason, the guard undoes everything that is left.
 */
final class WorkDirectory implements Fixture {
  private final Path path;
  private final Process guard;

  /** Makes a directory below the module's target, and starts its guard. */
  WorkDirectory() {
    try {
      Path parent = Files.createDirectories(Path.of("target", "faults").toAbsolutePath());
      path = Files.createTempDirectory(parent, "w-" + ProcessHandle.current().pid() + "-");
      Path script = Path.of("src", "test", "sh", "guard.sh").toAbsolutePath();
      guard =
          new ProcessBuilder("setsid", "bash", script.toString(), path.toString())
              .redirectErrorStream(true)
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path path() {
    return path;
  }

  Path resolve(String name) {
    return path.resolve(name);
  }

  Path newDirectory(String name) {
    try {
      return Files.createDirectory(resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Removes the directory; fails if the guard had to undo more. */
  @Override
  public void close() {
    try {
      guard.getOutputStream().close();
      String undone =
          new String(guard.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      int exitCode = guard.waitFor();
      if (!undone.isEmpty() || exitCode != 0) {
        throw new AssertionError(
            "left behind in " + path + ", and undone by the guard:\n" + undone);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
