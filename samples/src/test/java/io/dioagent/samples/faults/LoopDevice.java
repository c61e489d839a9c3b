package io.dioagent.samples.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A block device on a file, which the loop driver reads and writes with O_DIRECT. */
final class LoopDevice implements Fixture {
  /** The loop driver's default, see its parameter hw_queue_depth. */
  private static final int DEFAULT_TAGS = 128;

  private final Path device;
  private boolean detached;

  /** Makes a loop device with this sector size. */
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
    // Does not merge neighbouring writes, so that a fault affects only one of them.
    set("nomerges", 2);
  }

  /** Sets how many requests it accepts before the next one waits inside io_submit. */
  void setTags(int requests) {
    set("nr_requests", requests);
  }

  private void set(String name, int value) {
    Path setting = Path.of("/sys/block", device.getFileName().toString(), "queue", name);
    try {
      Files.writeString(setting, Integer.toString(value));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path device() {
    return device;
  }

  @Override
  public void close() {
    if (!detached) {
      // Resets settings that would apply to the next user of the device.
      set("nomerges", 0);
      set("nr_requests", DEFAULT_TAGS);
      Command.run("losetup", "--detach", device);
      detached = true;
    }
  }
}
