package io.dioagent.agent.contract;

import io.dioagent.agent.testing.JvmResult;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;

/** An ext4 on a loop device, mounted until it is closed, that can be frozen. Needs root. */
final class FrozenDisk implements AutoCloseable {
  private static final long SIZE_BYTES = 64L << 20;

  private final Path mountPoint;

  private FrozenDisk(Path mountPoint) {
    this.mountPoint = mountPoint;
  }

  /** Makes one in a directory, or skips the test where that cannot be. */
  static FrozenDisk make(Scratch scratch) throws IOException {
    Need.that("root".equals(System.getProperty("user.name")), "only root freezes file systems");
    Path image = scratch.resolve("ext4.image");
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(SIZE_BYTES);
    }
    Path mountPoint = scratch.newDirectory("ext4");
    Need.command("mkfs.ext4", "-q", "-F", image.toString());
    // The loop device goes with the mount.
    Need.command("mount", "-t", "ext4", "-o", "loop", image.toString(), mountPoint.toString());
    return new FrozenDisk(mountPoint);
  }

  Path mountPoint() {
    return mountPoint;
  }

  void freeze() {
    Need.command("fsfreeze", "--freeze", mountPoint.toString());
  }

  void thaw() {
    Command.run("fsfreeze", "--unfreeze", mountPoint.toString()).expectExit(0);
  }

  @Override
  public void close() {
    JvmResult unused = Command.run("fsfreeze", "--unfreeze", mountPoint.toString());
    if (Command.run("umount", mountPoint.toString()).exitCode() != 0) {
      // A process is still in it; no other one can enter it.
      Command.run("umount", "--lazy", mountPoint.toString()).expectExit(0);
    }
  }
}
