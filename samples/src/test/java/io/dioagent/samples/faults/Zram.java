package io.dioagent.samples.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A block device in compressed memory, with a limit that can be changed while in use. */
final class Zram implements Fixture {
  private static final Path CONTROL = Path.of("/sys/class/zram-control");

  private final Path note;
  private final Path settings;
  private final Path device;

  static boolean available() {
    return Files.exists(CONTROL.resolve("hot_add"));
  }

  /** Makes a device, and notes its name in the work directory in one command, for the guard. */
  Zram(WorkDirectory work, long sizeBytes) {
    String name =
        Command.run(
            "sh",
            "-c",
            "name=zram$(cat \"$1/hot_add\") && : >\"$2/$name\" && echo \"$name\"",
            "sh",
            CONTROL,
            work.path());
    note = work.resolve(name);
    settings = Path.of("/sys/block", name);
    device = Path.of("/dev", name);
    set("disksize", sizeBytes);
  }

  Path device() {
    return device;
  }

  /** Makes writes that need more memory fail. */
  void full() {
    set("mem_limit", 1);
  }

  @Override
  public void release() {
    set("mem_limit", 0);
  }

  private void set(String name, long value) {
    try {
      Files.writeString(settings.resolve(name), Long.toString(value));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    set("reset", 1);
    try {
      Files.writeString(
          CONTROL.resolve("hot_remove"), device.toString().substring("/dev/zram".length()));
      Files.delete(note);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
