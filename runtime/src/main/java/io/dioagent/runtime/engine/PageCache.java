package io.dioagent.runtime.engine;

import io.dioagent.runtime.api.RequestInfo;

/**
 * What a write does beside its queue: the parts that go through the page cache, and whether the
 * cache kept older pages of what went past it. One thread at a time.
 *
 * <p>Each method is told the request and the range, for those that choose by them.
 */
public interface PageCache extends AutoCloseable {
  /**
   * Writes through the page cache, as pwritev2(2). May block without a way to interrupt it.
   *
   * @param position where; -1 for the descriptor's own offset
   * @param rwFlags RWF_*
   * @return bytes, or a negative errno
   */
  long write(RequestInfo part, int fd, GatherList memory, long position, int rwFlags);

  /**
   * Waits until the device has what was written, as sync_file_range(2). May block.
   *
   * @return 0 or a negative errno
   */
  long writeBack(RequestInfo range, int fd);

  /**
   * The error of an earlier write-back that this open file description has not been answered yet:
   * asked for of pages that no file has, and so without a wait.
   *
   * @return 0 or a negative errno
   */
  long standingError(int fd);

  /** Whether pages of a range that was written directly are cached. Does not block. */
  boolean mayHold(RequestInfo range, int fd);

  /**
   * The error of a page that the kernel could not drop after a direct write: it marks the mapping
   * with it (dio_warn_stale_pagecache in fs/iomap and mm/filemap.c). May block.
   *
   * @return 0 or a negative errno
   */
  long invalidationError(RequestInfo range, int fd);

  @Override
  void close();
}
