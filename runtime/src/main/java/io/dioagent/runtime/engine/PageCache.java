package io.dioagent.runtime.engine;

import io.dioagent.runtime.api.RequestInfo;

/**
 * The work of a write outside its queue: it writes parts through the page cache, and checks whether
 * the cache kept older pages of a direct part. Used by one thread at a time.
 *
 * <p>Each method gets the request and the range, so that an implementation can choose by them.
 */
public interface PageCache extends AutoCloseable {
  /**
   * Writes through the page cache, as pwritev2(2). May block without a way to interrupt it.
   *
   * @param position offset in the file; -1 for the descriptor's own offset
   * @param rwFlags RWF_*
   * @return bytes, or a negative errno
   */
  long write(RequestInfo part, int fd, GatherList memory, long position, int rwFlags);

  /**
   * Waits until the device has the range's dirty pages, as sync_file_range(2). May block.
   *
   * @return 0 or a negative errno
   */
  long writeBack(RequestInfo range, int fd);

  /**
   * Returns the error of an earlier write-back that this open file description has not received
   * yet. Queries pages that no file has, and so does not wait.
   *
   * @return 0 or a negative errno
   */
  long standingError(int fd);

  /** Returns whether pages of a range that was written directly are cached. Does not block. */
  boolean mayHold(RequestInfo range, int fd);

  /**
   * Returns the error of a page that the kernel could not drop after a direct write: it marks the
   * mapping with it (dio_warn_stale_pagecache in fs/iomap and mm/filemap.c). May block.
   *
   * @return 0 or a negative errno
   */
  long invalidationError(RequestInfo range, int fd);

  @Override
  void close();
}
