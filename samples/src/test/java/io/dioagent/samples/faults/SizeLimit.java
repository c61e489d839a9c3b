package io.dioagent.samples.faults;

import java.nio.file.Path;

/** Limits the size of a loop device below that of its file. */
final class SizeLimit implements Fixture {
  private final Path device;

  SizeLimit(Path device) {
    this.device = device;
  }

  void set(long sizeBytes) {
    Command.run(Natives.path("sizelimit"), device, sizeBytes);
  }

  @Override
  public void release() {
    set(0);
  }

  @Override
  public void close() {}
}
