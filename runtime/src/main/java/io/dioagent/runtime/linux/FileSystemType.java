package io.dioagent.runtime.linux;

/** The file-system types that the runtime treats specially, by f_type of statfs(2). */
public enum FileSystemType {
  /** Keeps file data in memory: direct I/O is accepted, and has no effect. */
  TMPFS(0x01021994L),
  /** Keeps file data in memory and refuses direct I/O. */
  RAMFS(0x858458f6L),
  /** This and the next two are known to show each change of a file in its times, with no delay. */
  EXT(0xef53L),
  XFS(0x58465342L),
  BTRFS(0x9123683eL),
  /** Holds no files that this project handles, as the next one. */
  PROC(0x9fa0L),
  SYSFS(0x62656572L),
  OTHER(0);

  private final long magic;

  FileSystemType(long magic) {
    this.magic = magic;
  }

  /** Returns whether a file's size and times show each change to it, by any process. */
  public boolean showsEachChange() {
    return this == EXT || this == XFS || this == BTRFS;
  }

  // struct statfs begins with __fsword_t f_type: 8 bytes on 64-bit machines; 120 bytes in all.
  private static final int STATFS_BYTES = 120;

  /**
   * Returns the type of the file system that an open file is on.
   *
   * @throws ErrnoException if fstatfs(2) fails
   */
  public static FileSystemType of(int fd) throws ErrnoException {
    try (CMemory memory = new CMemory(STATFS_BYTES)) {
      long result = Linux.fstatfs(fd, memory.address());
      if (Linux.isMissing(result)) {
        return OTHER;
      }
      ErrnoException.check("fstatfs", result);
      long type = memory.bytes().getLong(0);
      for (FileSystemType known : values()) {
        if (known.magic == type) {
          return known;
        }
      }
      return OTHER;
    }
  }
}
