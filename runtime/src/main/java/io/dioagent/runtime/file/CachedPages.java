package io.dioagent.runtime.file;

import io.dioagent.runtime.api.Errno;
import io.dioagent.runtime.api.FilePolicy;
import io.dioagent.runtime.api.OnCollision;
import io.dioagent.runtime.api.RequestInfo;
import io.dioagent.runtime.base.Origin;
import io.dioagent.runtime.device.Lane;
import io.dioagent.runtime.device.RuntimeContext;
import io.dioagent.runtime.device.Traffic;
import io.dioagent.runtime.linux.Linux;
import io.dioagent.runtime.plan.Parts;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * The page cache of one file: writes through it that leave little there, and pages that it kept of
 * direct writes. Thread-safe.
 */
public final class CachedPages {
  /**
   * The smallest block of a disk: a stream's reads of fewer bytes are left to the JDK and the page
   * cache.
   */
  public static final int SMALL_READ_BYTES = 512;

  private static final String SMALL_READS =
      "reads: those of a stream below " + SMALL_READ_BYTES + " bytes are the JDK's own";

  private final RuntimeContext runtime;
  private final String path;
  private final Supplier<FilePolicy> policy;
  private final Descriptors descriptors;

  /** Whether each write waits for the device by itself (O_DSYNC). */
  private final boolean synchronous;

  /** Of the direct descriptor, which has an open file of its own. */
  private final WriteBackErrors ownErrors = new WriteBackErrors();

  /** Of the application's open file. */
  private final WriteBackErrors givenErrors = new WriteBackErrors();

  private final Traffic traffic;
  private final AtomicBoolean reportedBufferedReads = new AtomicBoolean();
  private final AtomicBoolean reportedCallerReads = new AtomicBoolean();
  private volatile boolean dontCacheRefused;

  CachedPages(
      RuntimeContext runtime,
      String path,
      Supplier<FilePolicy> policy,
      Descriptors descriptors,
      boolean synchronous,
      Traffic traffic) {
    this.runtime = runtime;
    this.path = path;
    this.policy = policy;
    this.descriptors = descriptors;
    this.synchronous = synchronous;
    this.traffic = traffic;
  }

  /** A read went through the page cache: reported once per file, as all its reads will. */
  public void readBuffered(RequestInfo request, Origin origin, String why) {
    if (!reportedBufferedReads.get() && reportedBufferedReads.compareAndSet(false, true)) {
      runtime
          .events()
          .bufferedFallback(request, origin.ageNanos(), "reads: " + why, origin.submitter());
    }
  }

  /** Callers read small pieces through the page cache themselves: reported once for a file. */
  public void readByCaller(long lengthBytes) {
    if (!reportedCallerReads.get() && reportedCallerReads.compareAndSet(false, true)) {
      Origin origin = Origin.here(System.nanoTime());
      long offset = Linux.position(descriptors.given());
      RequestInfo request = new RequestInfo(0, path, offset, lengthBytes);
      runtime
          .events()
          .bufferedFallback(request, origin.ageNanos(), SMALL_READS, origin.submitter());
    }
  }

  /** Writes the lane's gathered bytes buffered, and leaves little in the page cache. */
  public long writeGathered(Lane lane, RequestInfo part, int fd, long position) {
    while (true) {
      int flags = dontCacheRefused ? 0 : Linux.RWF_DONTCACHE;
      traffic.enter();
      long result;
      try {
        result = lane.pageCache().write(part, fd, lane.gatherList(), position, flags);
      } finally {
        traffic.leave();
      }
      if (flags != 0 && (result == -Errno.EOPNOTSUPP || result == -Errno.EINVAL)) {
        dontCacheRefused = true;
      } else if (result != -Errno.EINTR) {
        return result;
      }
    }
  }

  /**
   * Before a request's first buffered write: from now on errors are its own. An error from before
   * is not: it is reported as a collision, and stays with the application's open file.
   *
   * @return to be closed when the request has been flushed, or gives up
   */
  public WriteBackErrors.Window beginBuffered(Lane lane, RequestInfo request, Origin origin) {
    int direct = descriptors.directIfOpen();
    if (direct < 0) {
      return givenErrors.open(descriptors.buffered(), null);
    }
    WriteBackErrors.Window window =
        ownErrors.open(direct, synchronous ? null : lane.pageCache()::standingError);
    long standing = window.standingError();
    if (standing < 0) {
      String reason = "sync_file_range says " + Errno.name((int) -standing) + " before the write";
      runtime.collided(request, origin, OnCollision.REPORT, reason);
    }
    return window;
  }

  /**
   * Waits until the device has a range that was written buffered, and drops its pages.
   *
   * <p>RWF_DONTCACHE alone leaves a page that had a block on the device before (ext4, kernel 6.18),
   * for instance the page that the end of one write shares with the beginning of the next.
   *
   * @param window of the request
   * @return 0 or a negative errno
   */
  public long flush(Lane lane, RequestInfo range, WriteBackErrors.Window window) {
    long result;
    traffic.enter();
    try {
      result = synchronous ? 0 : window.ask(fd -> lane.pageCache().writeBack(range, fd));
    } finally {
      traffic.leave();
    }
    dropPages(window.fd(), range.offset(), range.lengthBytes());
    return result;
  }

  /**
   * Waits until the device has a range that others have written buffered, and drops its pages.
   *
   * @param writeBack does so for a descriptor
   * @return 0, or the error that the application's own fsync will not be answered any more
   */
  public long flushOthers(RequestInfo range, WriteBackErrors.Question writeBack) {
    int direct = descriptors.directIfOpen();
    boolean own = direct >= 0;
    int fd = own ? direct : descriptors.buffered();
    long result = (own ? ownErrors : givenErrors).ask(fd, writeBack);
    dropPages(fd, range.offset(), range.lengthBytes());
    return own ? 0 : result;
  }

  /** Drops the clean pages that a range touches. */
  public static void dropPages(int fd, long offset, long lengthBytes) {
    // Whole pages only: fadvise(2) leaves those that the range touches in part.
    long from = offset & -Linux.PAGE_BYTES;
    long end = (offset + lengthBytes + Linux.PAGE_BYTES - 1) & -Linux.PAGE_BYTES;
    Linux.dropPages(fd, from, end - from);
  }

  /**
   * Returns the directly written range if the page cache holds some of it. Does not block.
   *
   * @return null for nothing
   */
  public RequestInfo suspectCollision(Lane lane, long requestId, Parts parts) {
    long from = parts.directFrom();
    if (from < 0 || !descriptors.isDirectOpen()) {
      return null;
    }
    RequestInfo range = new RequestInfo(requestId, path, from, parts.directEnd() - from);
    return lane.pageCache().mayHold(range, descriptors.forWriteBack()) ? range : null;
  }

  /**
   * Returns whether the page cache kept part of a direct write, and reports it if so. A kernel that
   * could not drop a cached page after a direct write marks the mapping with EIO
   * (dio_warn_stale_pagecache). The runtime's descriptor returns that error here, the application's
   * at its next fsync. May block.
   *
   * @return 0 or a negative errno
   */
  public long collision(Lane lane, RequestInfo range, Origin origin) {
    long marked;
    traffic.enter();
    try {
      marked =
          ownErrors.ask(
              descriptors.directIfOpen(), fd -> lane.pageCache().invalidationError(range, fd));
    } finally {
      traffic.leave();
    }
    if (marked < 0) {
      String reason = "sync_file_range says " + Errno.name((int) -marked) + " after the write";
      runtime.collided(range, origin, policy.get().onCollision(), reason);
    }
    return Math.min(0, marked);
  }
}
