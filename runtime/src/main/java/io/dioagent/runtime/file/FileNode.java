package io.dioagent.runtime.file;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One file on the disk, regardless of names and descriptors: the state that all {@link
 * FileContext}s open on it share. Thread-safe.
 */
public final class FileNode {
  /** The file's identity, as statx(2) returns it. */
  record Key(long device, long inode) {}

  private final Key key;

  /** Counts what may have changed the file's bytes or its size. */
  private final AtomicLong writeGeneration = new AtomicLong();

  // Guarded by the lock of FileNodes.

  private FileContext[] files = new FileContext[2];
  private int fileCount;

  /** Guarded by the lock of {@link FileNodes}. */
  private int holds;

  /** Reasons to write synchronously: see {@link FileHold}. */
  private final AtomicInteger onlookers = new AtomicInteger();

  /** The file is at least so long, as far as this process knows. */
  private final AtomicLong leastSizeBytes;

  private final PageClaims claims = new PageClaims();

  /** Null before the first write that goes by it. */
  private volatile PendingWrites pendingWrites;

  private final LateCloses lateCloses = new LateCloses();

  FileNode(Key key, long sizeBytes) {
    this.key = key;
    leastSizeBytes = new AtomicLong(sizeBytes);
  }

  Key key() {
    return key;
  }

  /** The same for each node of one file, also after it was closed and opened again. */
  public Object identity() {
    return key;
  }

  public LateCloses lateCloses() {
    return lateCloses;
  }

  /** Caller holds the lock of {@link FileNodes}, here and for those that follow. */
  int fileCount() {
    return fileCount;
  }

  FileContext file(int index) {
    return files[index];
  }

  void addFile(FileContext file) {
    if (fileCount == files.length) {
      files = Arrays.copyOf(files, 2 * fileCount);
    }
    files[fileCount++] = file;
  }

  /** Allocates nothing. */
  void removeFile(FileContext file) {
    int kept = 0;
    for (int i = 0; i < fileCount; i++) {
      if (files[i] != file) {
        files[kept++] = files[i];
      }
    }
    Arrays.fill(files, kept, fileCount, null);
    fileCount = kept;
  }

  void addHold(int count) {
    holds += count;
  }

  boolean isUsed() {
    return holds > 0 || fileCount > 0;
  }

  /** The pages claimed by requests of any file that is open on this node. */
  public PageClaims claims() {
    return claims;
  }

  // Writes whose callers have returned.

  /** Takes writes of this file on their way; null before the first one. */
  public PendingWrites pendingWrites() {
    return pendingWrites;
  }

  /** Sets it unless another thread was first; returns the one that is set. */
  public synchronized PendingWrites pendingWritesOr(PendingWrites made) {
    if (pendingWrites == null) {
      pendingWrites = made;
    }
    return pendingWrites;
  }

  /** Whether {@link #settle()} would wait for a write. */
  public boolean hasPending() {
    PendingWrites known = pendingWrites;
    return known != null && known.hasPending();
  }

  /** As {@link PendingWrites#settle()}. */
  public void settle() {
    PendingWrites known = pendingWrites;
    if (known != null) {
      known.settle();
    }
  }

  /** As {@link PendingWrites#settle(long, long)}. */
  public void settle(long offset, long lengthBytes) {
    PendingWrites known = pendingWrites;
    if (known != null) {
      known.settle(offset, lengthBytes);
    }
  }

  /** As {@link PendingWrites#barrier()}. */
  public void barrier() {
    PendingWrites known = pendingWrites;
    if (known != null) {
      known.barrier();
    }
  }

  /** Whether bytes may be on their way when their write returns. */
  public boolean mayPend() {
    return onlookers.get() == 0;
  }

  public AtomicInteger onlookers() {
    return onlookers;
  }

  /** The file is at least so long, as far as this process knows; others may have truncated it. */
  public long leastSizeBytes() {
    return leastSizeBytes.get();
  }

  /** Bytes up to this offset are in the file. */
  public void grewTo(long endOffset) {
    if (endOffset > leastSizeBytes.get()) {
      leastSizeBytes.accumulateAndGet(endOffset, Math::max);
    }
  }

  /** The file's length was set by this process. */
  public void truncated(long sizeBytes) {
    leastSizeBytes.set(sizeBytes);
    changed();
  }

  /**
   * A number that is another one after each write and each change of size by this process, once
   * that can be seen by a read: bytes that were read under one number are as they were while it is
   * the same.
   */
  public long writeGeneration() {
    return writeGeneration.get();
  }

  /** A write or a truncation has been made, or has failed and may have been made in part. */
  public void changed() {
    writeGeneration.incrementAndGet();
  }
}
