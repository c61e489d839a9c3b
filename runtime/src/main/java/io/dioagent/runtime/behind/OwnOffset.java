package io.dioagent.runtime.behind;

import io.dioagent.runtime.file.FileContext;
import io.dioagent.runtime.linux.Linux;

/**
 * Follows the offset of one open file's writes that name none, without a system call for each
 * write. Guarded by its monitor; takes the trail's.
 *
 * <pre>
 * state      what happens                                               next
 * FOLLOWED   at the end of what is prepared the kernel agrees           FOLLOWED
 *            it does not: the application has moved the offset          ASKED
 *            with O_APPEND it does not: others have appended, too       FOLLOWED; all of that is added
 * ASKED      the kernel is asked before each write                      ASKED
 * </pre>
 *
 * <p>What was written before a move is found out is added at the wrong place, a MiB at most: then
 * some of it stays in the cache. Where pages of others were cached is known of the wrong place as
 * well, so that none of them are dropped.
 */
final class OwnOffset {
  /** Bytes that are added to the trail at once. */
  private static final long ADDED_BYTES = 64 << 10;

  private final FileContext file;

  /** Whether the state is ASKED. */
  private boolean asked;

  // While FOLLOWED.

  /** Where the next write begins, as far as is known; -1 before the first one. */
  private long offset = -1;

  /** The trail is prepared for writes up to here. */
  private long preparedEnd;

  /** What was written from here on to the offset is not added to the trail yet. */
  private long addedEnd;

  OwnOffset(FileContext file) {
    this.file = file;
  }

  /**
   * Returns where a write begins.
   *
   * @return an offset as far as is known, as writes of other threads may come between; -1 if {@link
   *     #prepare} has to come first
   */
  synchronized long begin(Trail trail, long lengthBytes) {
    if (asked) {
      long exact = Linux.position(file.descriptors().given());
      return exact >= 0 && trail.isPrepared(exact, lengthBytes) ? exact : -1;
    }
    return offset >= 0 && offset + lengthBytes <= preparedEnd ? offset : -1;
  }

  /** Asks the kernel, and prepares the trail for a write and for what follows. */
  synchronized long prepare(Trail trail, long lengthBytes) {
    long now = file.isAppend() ? trail.sizeBytes() : Linux.position(file.descriptors().given());
    if (now < 0) {
      return -1; // The write itself fails.
    }
    if (offset >= 0 && file.isAppend()) {
      trail.add(addedEnd, now - addedEnd);
    } else if (offset >= 0) {
      addAll(trail);
      asked |= offset != now;
    }
    offset = now;
    addedEnd = now;
    preparedEnd = trail.prepare(now, lengthBytes);
    return now;
  }

  /**
   * A write has ended.
   *
   * @param from as {@link #begin} or {@link #prepare} said
   */
  synchronized void wrote(Trail trail, long from, long writtenBytes) {
    if (from < 0) {
      return; // Where it went is not known: it stays in the cache.
    }
    if (asked) {
      trail.add(from, writtenBytes);
      return;
    }
    offset += writtenBytes;
    if (!file.isAppend() && offset - addedEnd >= ADDED_BYTES) {
      addAll(trail);
    }
  }

  /** Adds what is not added yet. */
  synchronized void finish(Trail trail) {
    if (offset >= 0 && !asked) {
      if (file.isAppend()) {
        offset = Math.max(offset, trail.sizeBytes());
      }
      addAll(trail);
    }
  }

  private void addAll(Trail trail) {
    trail.add(addedEnd, offset - addedEnd);
    addedEnd = offset;
  }
}
