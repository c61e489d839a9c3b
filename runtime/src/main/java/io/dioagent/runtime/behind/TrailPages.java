package io.dioagent.runtime.behind;

import io.dioagent.runtime.api.RequestInfo;
import io.dioagent.runtime.engine.PageCache;
import io.dioagent.runtime.file.CachedPages;
import io.dioagent.runtime.file.Descriptors;
import io.dioagent.runtime.file.FileContext;
import io.dioagent.runtime.file.Observed;
import io.dioagent.runtime.linux.ErrnoException;
import io.dioagent.runtime.linux.Linux;

/**
 * The pages of a trail's file, by a descriptor of its own.
 *
 * <p>It is an open file of its own, for reading: so a write-back error is returned to it, and by
 * the application's own fsync as well; and the application's close is the last one of a writer that
 * watchers see.
 */
final class TrailPages {
  /** Limits how far back pages are dropped once more: a large folio may be of several steps. */
  private static final long MOST_DROPPED_BYTES = 8 << 20;

  /** Null if none could be opened: then the kernel writes back in its own time. */
  private final Descriptors descriptors;

  /** Of the holder of the trail's monitor. */
  private final PageCache cache;

  // The last range whose pages were dropped. Guarded by this.

  private long droppedFrom;
  private long droppedEnd;

  private TrailPages(PageCache cache, Descriptors descriptors) {
    this.cache = cache;
    this.descriptors = descriptors;
  }

  /** Opens the descriptor, which may block. */
  static TrailPages open(FileContext file) {
    PageCache cache = file.runtime().newPageCache();
    Descriptors descriptors = null;
    TrailPages made = null;
    try {
      descriptors = Descriptors.openApart(file);
      made = new TrailPages(cache, descriptors);
      return made;
    } finally {
      if (made == null) {
        close(cache, descriptors);
      }
    }
  }

  private static void close(PageCache cache, Descriptors descriptors) {
    cache.close();
    if (descriptors != null) {
      descriptors.closeApart();
    }
  }

  void close() {
    close(cache, descriptors);
  }

  boolean areFlushed() {
    return descriptors != null;
  }

  /** Returns the file's length; 0 if the kernel does not say. */
  long sizeBytes() {
    try {
      return descriptors == null ? 0 : descriptors.sizeBytes();
    } catch (ErrnoException e) {
      return 0;
    }
  }

  // Under the trail's monitor.

  /** Returns whether pages of a range are cached. Does not block. */
  boolean areHeld(FileContext file, long offset, long lengthBytes) {
    return cache.mayHold(
        new RequestInfo(0, file.path(), offset, lengthBytes), descriptors.buffered());
  }

  /** As {@link PageCache#standingError}. */
  long standingError(int fd) {
    return cache.standingError(fd);
  }

  // By the flushing thread.

  /** Starts the write-back of a step, which may block. */
  void start(FileContext file, Step step) {
    file.device().traffic().enter();
    try {
      // An error is returned again when the write-back is waited for.
      long unused =
          Linux.syncFileRange(
              descriptors.buffered(), step.from(), step.lengthBytes(), Linux.SYNC_FILE_RANGE_WRITE);
    } finally {
      file.device().traffic().leave();
    }
  }

  /**
   * Waits for the write-back of a step.
   *
   * @return 0 or a negative errno
   */
  long writeBack(FileContext file, Step step, PageCache flushed) {
    Observed observed = Observed.writeBack(file, step.from(), step.lengthBytes());
    long result = 0;
    file.device().traffic().enter();
    try {
      result = flushed.writeBack(observed.request(), descriptors.buffered());
    } finally {
      file.device().traffic().leave();
      observed.end(result);
    }
    return result;
  }

  /** Drops the pages of a step, together with those before: a large folio may be of both. */
  void drop(Step step) {
    long from = step.dropFrom();
    if (from < step.dropEnd()) {
      long dropFrom = follow(from, step.dropEnd());
      CachedPages.dropPages(descriptors.buffered(), dropFrom, step.dropEnd() - dropFrom);
    }
  }

  private synchronized long follow(long from, long end) {
    boolean follows = from == droppedEnd;
    droppedFrom = follows ? Math.max(droppedFrom, from - MOST_DROPPED_BYTES) : from;
    droppedEnd = end;
    return droppedFrom;
  }
}
