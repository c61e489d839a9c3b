package io.dioagent.samples.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A block device on a file, which it reads and writes with O_DIRECT itself. */
final class LoopDevice implements Fixture {
  /** Of the loop driver, see its parameter hw_queue_depth. */
  private static final int DEFAULT_TAGS = 128;

  private final Path device;
  private boolean detached;

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
    // Neighbouring writes stay apart: what happens to one does not happen to the other.
    set("nomerges", 2);
  }

  /** How many requests it takes before the next one waits inside io_submit. */
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
      // They outlive the file: the next user of the device would have them, too.
      set("nomerges", 0);
      set("nr_requests", DEFAULT_TAGS);
      Command.run("losetup", "--detach", device);
      detached = true;
    }
  }
}
