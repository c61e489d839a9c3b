package io.dioagent.samples.faults;

import java.nio.file.Path;
import java.util.Locale;

/** The file systems that faults are made under. */
enum FileSystem {
  EXT4(64 << 20),
  /** mkfs.xfs refuses less than 300 MB. */
  XFS(320 << 20);

  private final long diskBytes;

  FileSystem(long diskBytes) {
    this.diskBytes = diskBytes;
  }

  /** The size of a disk for it, enough for all tests. */
  long diskBytes() {
    return diskBytes;
  }

  /** The command that makes an empty one. */
  Object[] makeCommand(Path device) {
    return switch (this) {
      case EXT4 -> new Object[] {"mkfs.ext4", "-q", "-F", "-b", 4096, device};
      case XFS -> new Object[] {"mkfs.xfs", "-q", "-f", device};
    };
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
