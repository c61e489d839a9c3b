package io.dioagent.agent.contract.random;

import io.dioagent.agent.contract.Command;
import io.dioagent.agent.contract.Need;
import io.dioagent.agent.contract.Scratch;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;

/** An empty XFS on a loop device, mounted until it is closed. Needs root. */
final class XfsDisk implements AutoCloseable {
  private static final long SIZE_BYTES = 1L << 30;

  private final Path mountPoint;

  private XfsDisk(Path mountPoint) {
    this.mountPoint = mountPoint;
  }

  /** Makes one in a directory, or skips the test where that cannot be. */
  static XfsDisk make(Scratch scratch) throws IOException {
    Need.that(
        "root".equals(System.getProperty("user.name")), "only root mounts, for a test on XFS");
    Path image = scratch.resolve("xfs.image");
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(SIZE_BYTES);
    }
    Path mountPoint = scratch.newDirectory("xfs");
    Need.command("mkfs.xfs", "-q", "-f", image.toString());
    // The loop device goes with the mount.
    Need.command("mount", "-t", "xfs", "-o", "loop", image.toString(), mountPoint.toString());
    return new XfsDisk(mountPoint);
  }

  Path mountPoint() {
    return mountPoint;
  }

  @Override
  public void close() {
    if (Command.run("umount", mountPoint.toString()).exitCode() != 0) {
      // A process is still in it; no other one can enter it.
      Command.run("umount", "--lazy", mountPoint.toString()).expectExit(0);
    }
  }
}
