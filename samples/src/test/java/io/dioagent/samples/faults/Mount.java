package io.dioagent.samples.faults;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A mounted file system. */
final class Mount implements Fixture {
  private final Path path;
  private boolean mounted = true;

  private Mount(Path path) {
    this.path = path;
  }

  /** Makes an empty file system on a device, and mounts it. */
  static Mount make(FileSystem type, Path device, Path path, String... options) {
    Command.run(type.makeCommand(device));
    return again(type, device, path, options);
  }

  /** Mounts the file system that is on a device. */
  static Mount again(FileSystem type, Path device, Path path, String... options) {
    List<Object> command = new ArrayList<>(List.of("mount", "-t", type));
    if (options.length > 0) {
      command.add("-o");
      command.add(String.join(",", options));
    }
    command.add(device);
    command.add(path);
    Command.run(command.toArray());
    return new Mount(path);
  }

  /** Mounts a tmpfs of limited size. */
  static Mount memory(Path path, long sizeBytes) {
    Command.run("mount", "-t", "tmpfs", "-o", "size=" + sizeBytes, "tmpfs", path);
    return new Mount(path);
  }

  Path path() {
    return path;
  }

  /** Remounts it with other options. */
  void remount(String options) {
    Command.run("mount", "-o", "remount," + options, path);
  }

  @Override
  public void close() {
    if (mounted) {
      Command.run("umount", path);
      mounted = false;
    }
  }
}
