package io.dioagent.runtime.file;

import io.dioagent.runtime.linux.FileStatus;
import io.dioagent.runtime.linux.FileSystemType;
import io.dioagent.runtime.linux.Linux;

/**
 * Whether a file can go direct, as far as is known: by statx(2) first, then by its first write,
 * which is a trial.
 *
 * @param direct whether to try
 * @param offsetAlignBytes alignment of offsets and lengths, a power of two of at least a page; 0 if
 *     not direct
 * @param memoryAlignBytes alignment that the kernel asks of buffers; the pool's are aligned to a
 *     page
 * @param reason in one line, why (not)
 */
record Capability(boolean direct, int offsetAlignBytes, int memoryAlignBytes, String reason) {

  /** Evaluates the kernel's answers about a file before anything is written to it. */
  static Capability of(FileStatus status, FileSystemType fileSystem) {
    if (fileSystem == FileSystemType.TMPFS || fileSystem == FileSystemType.RAMFS) {
      return none(fileSystem + " keeps its files in memory: there is no device to go to");
    }
    int page = (int) Linux.PAGE_BYTES;
    if (!status.dioKnown()) {
      return new Capability(
          true, page, page, "the kernel reports no alignment (statx); a page is tried");
    }
    int offsetAlign = status.dioOffsetAlignBytes();
    int memoryAlign = status.dioMemoryAlignBytes();
    if (offsetAlign == 0) {
      return none("the file system does no direct I/O on this file (statx says alignment 0)");
    }
    if (memoryAlign > page) {
      return none("buffers would have to be aligned to " + memoryAlign + " bytes");
    }
    return new Capability(
        true,
        Math.max(page, offsetAlign),
        memoryAlign,
        "the kernel asks for offsets aligned to " + offsetAlign + " and memory to " + memoryAlign);
  }

  static Capability none(String reason) {
    return new Capability(false, 0, 0, reason);
  }
}
