package io.dioagent.samples.faults;

import java.nio.file.Path;

/** A frozen file system: writers wait, unkillable, until it is thawed. */
final class Freeze implements Fixture {
  private final Path mountPoint;
  private boolean frozen = true;

  Freeze(Path mountPoint) {
    this.mountPoint = mountPoint;
    Command.run("fsfreeze", "--freeze", mountPoint);
  }

  @Override
  public void release() {
    if (frozen) {
      Command.run("fsfreeze", "--unfreeze", mountPoint);
      frozen = false;
    }
  }

  @Override
  public void close() {}
}
