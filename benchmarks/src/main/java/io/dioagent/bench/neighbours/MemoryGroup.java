package io.dioagent.bench.neighbours;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A control group with a common memory limit for its processes, including their page cache. Version
 * 1 or 2, depending on the memory controller.
 */
final class MemoryGroup implements AutoCloseable {
  /** Limits the tries to remove a group, 50 ms apart; past it, closing fails. */
  private static final int TRIES_TO_REMOVE = 100;

  private final Path directory;

  /** Removes the group if the run is interrupted. */
  private final Thread atExit;

  private MemoryGroup(Path directory) {
    this.directory = directory;
    atExit = new Thread(this::removeQuietly, "remove " + directory);
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  /**
   * A hierarchy of groups.
   *
   * @param directory the root of a hierarchy with the memory controller
   * @param version 1 or 2
   */
  record Hierarchy(Path directory, int version) {

    /** Returns the hierarchy of this machine, if any. */
    static Optional<Hierarchy> find() throws IOException {
      return among(Files.readAllLines(Path.of("/proc/self/mounts"), StandardCharsets.UTF_8));
    }

    /** Finds the hierarchy with the memory controller in lines of mounts (proc(5)). */
    static Optional<Hierarchy> among(List<String> mounts) throws IOException {
      for (String line : mounts) {
        String[] fields = line.split(" ", -1);
        Path directory = Path.of(fields[1]);
        if (fields[2].equals("cgroup") && List.of(fields[3].split(",", -1)).contains("memory")) {
          return Optional.of(new Hierarchy(directory, 1));
        }
        if (fields[2].equals("cgroup2") && isDelegated(directory)) {
          return Optional.of(new Hierarchy(directory, 2));
        }
      }
      return Optional.empty();
    }

    /** Returns whether groups below this one can limit their memory. */
    private static boolean isDelegated(Path directory) throws IOException {
      Path controllers = directory.resolve("cgroup.subtree_control");
      return Files.isReadable(controllers)
          && List.of(Files.readString(controllers, StandardCharsets.US_ASCII).trim().split(" ", -1))
              .contains("memory");
    }

    private String limitFile() {
      return version == 1 ? "memory.limit_in_bytes" : "memory.max";
    }
  }

  /** Returns why there can be no group here; empty if there can. */
  static Optional<String> whyNot() throws IOException {
    Optional<Hierarchy> hierarchy = Hierarchy.find();
    if (hierarchy.isEmpty()) {
      return Optional.of("no control groups with the memory controller are mounted");
    }
    return Files.isWritable(hierarchy.get().directory())
        ? Optional.empty()
        : Optional.of(
            hierarchy.get().directory() + " cannot be written: it needs root, outside a container");
  }

  /**
   * Makes a group.
   *
   * @param hierarchy the hierarchy
   * @param name an unused name
   * @param limitBytes the memory limit of its processes
   */
  static MemoryGroup create(Hierarchy hierarchy, String name, long limitBytes) throws IOException {
    MemoryGroup group = new MemoryGroup(Files.createDirectory(hierarchy.directory().resolve(name)));
    try {
      Files.writeString(
          group.directory.resolve(hierarchy.limitFile()),
          Long.toString(limitBytes),
          StandardCharsets.US_ASCII);
      return group;
    } catch (IOException e) {
      group.close();
      throw e;
    }
  }

  /** Returns the file to which a process writes its pid to join the group. */
  Path processes() {
    return directory.resolve("cgroup.procs");
  }

  /** Returns a counter of memory.stat. */
  long statistic(String name) throws IOException {
    return ProcFile.number(directory.resolve("memory.stat"), name + " ");
  }

  /** Removes the group; its processes have ended or are ending. */
  @Override
  public void close() throws IOException {
    remove();
    Runtime.getRuntime().removeShutdownHook(atExit);
  }

  private void removeQuietly() {
    try {
      remove();
    } catch (IOException e) {
      System.err.println("benchmarks: not removed: " + e.getMessage());
    }
  }

  private void remove() throws IOException {
    for (int i = 1; ; i++) {
      try {
        Files.deleteIfExists(directory);
        return;
      } catch (IOException e) {
        if (i == TRIES_TO_REMOVE) {
          throw e;
        }
        pause();
      }
    }
  }

  private static void pause() throws IOException {
    try {
      TimeUnit.MILLISECONDS.sleep(50);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
