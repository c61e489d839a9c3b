package io.dioagent.samples.faults;

import java.nio.file.Path;

/** A block device on a file, which it reads and writes with O_DIRECT itself. */
final class LoopDevice implements Fixture {
  private final Path device;

  /** Makes one with sectors of so many bytes. */
  LoopDevice(Path file, int sectorBytes) {
    device =
        Path.of(
            Command.run(
                "losetup",
                "--find",
                "--show",
                "--direct-io=on",
                "--sector-size",
                sectorBytes,
                file));
  }

  Path device() {
    return device;
  }

  @Override
  public void close() {
    Command.run("losetup", "--detach", device);
  }
}
