package io.dioagent.samples.faults;

import java.nio.file.Path;

/** The file systems under test. */
enum FileSystem {
  EXT4(64 << 20),
  /** Needs space on the disk only for the data of its files. */
  EXT4_WITHOUT_JOURNAL(64 << 20),
  /** mkfs.xfs refuses less than 300 MB. */
  XFS(320 << 20),
  BTRFS(256 << 20);

  private final long diskBytes;

  FileSystem(long diskBytes) {
    this.diskBytes = diskBytes;
  }

  /** Returns the disk size that all tests need. */
  long diskBytes() {
    return diskBytes;
  }

  /** Returns the command that makes an empty one. */
  Object[] makeCommand(Path device) {
    return switch (this) {
      case EXT4 -> new Object[] {"mkfs.ext4", "-q", "-F", "-b", 4096, device};
      case EXT4_WITHOUT_JOURNAL ->
          new Object[] {"mkfs.ext4", "-q", "-F", "-b", 4096, "-O", "^has_journal", device};
      case BTRFS -> new Object[] {"mkfs.btrfs", "-q", "-f", device};
      case XFS -> new Object[] {"mkfs.xfs", "-q", "-f", device};
    };
  }

  /** Returns the type for mount(8). */
  @Override
  public String toString() {
    return switch (this) {
      case EXT4, EXT4_WITHOUT_JOURNAL -> "ext4";
      case XFS -> "xfs";
      case BTRFS -> "btrfs";
    };
  }
}
