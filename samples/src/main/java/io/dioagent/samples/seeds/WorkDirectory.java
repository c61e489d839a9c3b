package io.dioagent.samples.seeds;

import io.dioagent.runtime.DirectFile;
import io.dioagent.runtime.DirectRuntime;
import io.dioagent.runtime.api.EventSink;
import io.dioagent.runtime.api.FilePolicy;
import io.dioagent.runtime.api.RuntimeOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A directory for the samples' files, on a file system with direct writes. Removed when closed. */
final class WorkDirectory implements AutoCloseable {
  private final Path path;

  private WorkDirectory(Path path) {
    this.path = path;
  }

  /**
   * Makes a directory in the first candidate that takes direct writes.
   *
   * @throws IOException with the reasons if none does
   */
  static WorkDirectory under(Path... candidates) throws IOException {
    StringBuilder reasons = new StringBuilder();
    for (Path candidate : candidates) {
      String reason;
      try {
        WorkDirectory made = new WorkDirectory(Files.createTempDirectory(candidate, "dio-seeds-"));
        reason = made.whyNotDirect();
        if (reason == null) {
          return made;
        }
        made.close();
      } catch (IOException e) {
        reason = e.toString();
      }
      reasons.append("; ").append(candidate).append(": ").append(reason);
    }
    throw new IOException(
        "no directory here takes direct writes, set TMPDIR to one on ext4 or xfs" + reasons);
  }

  private String whyNotDirect() throws IOException {
    String type = Files.getFileStore(path).type();
    if (type.equals("btrfs")) {
      return "btrfs keeps direct writes in the page cache";
    }
    try (DirectRuntime runtime = DirectRuntime.start(RuntimeOptions.DEFAULT, EventSink.none())) {
      if (runtime.whyNotDirect() != null) {
        return runtime.whyNotDirect();
      }
      try (DirectFile file =
          runtime.open(path.resolve("probe"), FilePolicy.DEFAULT, StandardOpenOption.CREATE_NEW)) {
        file.write(ByteBuffer.allocate(file.alignBytes()), 0);
        return file.isDirect() ? null : file.reason();
      }
    }
  }

  /** Makes a new empty directory in it. */
  Path directory(String name) throws IOException {
    return Files.createDirectory(path.resolve(name));
  }

  @Override
  public void close() {
    delete(path);
  }

  /** Removes a directory recursively; prints an error if that fails. */
  static void delete(Path directory) {
    try (Stream<Path> all = Files.walk(directory)) {
      List<Path> deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
      for (Path one : deepestFirst) {
        Files.deleteIfExists(one);
      }
    } catch (IOException e) {
      System.err.println("cannot remove " + directory + ": " + e);
    }
  }
}
