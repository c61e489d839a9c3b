package io.dioagent.runtime;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One file on the disk, whatever names and descriptors it has: what the {@link DirectFile}s that
 * are open on it have in common. Thread-safe.
 */
final class FileNode {
  /** Which file, as statx(2) tells. */
  record Key(long device, long inode) {}

  private final Key key;

  /** Counts what may have changed the file's bytes or its size. */
  private final AtomicLong writeGeneration = new AtomicLong();

  /** Guarded by the lock of {@link FileNodes}, which counts them. */
  private final Set<DirectFile> files = new LinkedHashSet<>();

  FileNode(Key key) {
    this.key = key;
  }

  Key key() {
    return key;
  }

  /** Caller holds the lock of {@link FileNodes}, as for the next one. */
  Set<DirectFile> files() {
    return files;
  }

  /**
   * A number that is another one after each write and each change of size by this process, once
   * that can be seen by a read: bytes that were read under one number are as they were while it is
   * the same.
   */
  long writeGeneration() {
    return writeGeneration.get();
  }

  /** A write or a truncation has been made, or has failed and may have been made in part. */
  void changed() {
    writeGeneration.incrementAndGet();
  }
}
