package io.dioagent.runtime.behind;

import io.dioagent.runtime.linux.Linux;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The steps of one file that are being written to, and what is known of the pages below them.
 * Guarded by the monitor of the {@link Trail}.
 *
 * <pre>
 * a step     what happens                                              next
 * unknown    to be written, at or behind the highest byte so far       OPEN: no page of it can be cached
 *            to be written; no page of it is cached                    OPEN
 *            to be written; pages of it are cached, of all of it       KEPT: a working set
 *            to be written; of a part of it                            OPEN; the pages of that part stay
 *            written without a look                                    OPEN; what may have been cached stays
 * OPEN       a MiB was written to it, or it is the oldest of too many  closed: to be written back
 *            nothing was written to it, and it is the oldest           as it was before it was OPEN
 * closed     to be written, or written without a look                  OPEN as well, as it was
 *            dropped, and no write to it is under way                  unknown
 *            dropped, and one is under way: {@link #begin}             closed, until that has ended
 * KEPT       written to                                                KEPT: left to the kernel, as without the agent
 *            4,096 others are kept                                     unknown
 * </pre>
 *
 * <p>Only opening a step allocates: without memory for it, what is written to it stays in the
 * cache.
 */
final class OpenSteps {
  /**
   * Limits the bytes of steps that are not full, by random writes; the oldest beyond are closed.
   */
  static final long MOST_BYTES = 4 << 20;

  /** Limits the open steps of one file; the oldest beyond are closed. */
  static final int MOST_STEPS = 1024;

  /** Limits what is remembered of working sets; with one more all are looked at again. */
  static final int MOST_KEPT = 4096;

  /** Finds out whether pages are cached. */
  interface Cache {
    /** Whether any page of a range is cached. Does not block. */
    boolean holds(long offset, long lengthBytes);
  }

  private final Cache cache;

  /** The open ones, and the closed ones that have not been opened again, by their index. */
  private final Map<Long, Step> steps = new HashMap<>();

  /** In the order in which they were opened. */
  private final StepQueue open = new StepQueue();

  private final Set<Long> kept = new HashSet<>();

  /** No page at or above was cached by others, as far as is known. */
  private long highestEnd;

  /** The step of the last write; null for none. */
  private Step latest;

  /**
   * Starts with a file of some length.
   *
   * @param sizeBytes of what is there already
   */
  OpenSteps(Cache cache, long sizeBytes) {
    this.cache = cache;
    highestEnd = sizeBytes;
  }

  /** Whether a write to a range needs no {@link #prepare}. */
  boolean isPrepared(long offset, long lengthBytes) {
    long lastIndex = Step.indexOf(offset + lengthBytes - 1);
    for (long index = Step.indexOf(offset); index <= lastIndex; index++) {
      if (needsLook(index)) {
        return false;
      }
    }
    return true;
  }

  private boolean needsLook(long index) {
    return !isLatest(index) && !isKnown(index);
  }

  private boolean isLatest(long index) {
    return latest != null && latest.index() == index;
  }

  private boolean isKnown(long index) {
    Step step = steps.get(index);
    return (step != null && step.isOpen()) || kept.contains(index);
  }

  /**
   * Before a write to a range: looks which of its pages are cached already.
   *
   * @return the end of the last step that is prepared
   */
  long prepare(long offset, long lengthBytes) {
    long lastIndex = Step.indexOf(offset + lengthBytes - 1);
    for (long index = Step.indexOf(offset); index <= lastIndex; index++) {
      if (needsLook(index)) {
        look(index);
      }
    }
    return (lastIndex + 1) * Step.BYTES;
  }

  /** A write to a range that is prepared begins: until its end its steps stay known. */
  void begin(long offset, long lengthBytes) {
    count(offset, lengthBytes, 1);
  }

  /** A write that was begun has ended, after it was added. Throws nothing. */
  void end(long offset, long lengthBytes) {
    count(offset, lengthBytes, -1);
  }

  private void count(long offset, long lengthBytes, int change) {
    long lastIndex = Step.indexOf(offset + lengthBytes - 1);
    for (long index = Step.indexOf(offset); index <= lastIndex; index++) {
      Step step = isLatest(index) ? latest : known(index);
      if (step != null) {
        // The step may have been without memory when the write began.
        step.setWriters(Math.max(0, step.writers() + change));
        forgetIfUnused(step);
      }
    }
  }

  private Step known(long index) {
    try {
      return steps.get(index);
    } catch (OutOfMemoryError e) {
      return null; // It stays known for longer than it has to.
    }
  }

  private void forgetIfUnused(Step step) {
    if (step.isDropped() && step.writers() == 0) {
      steps.remove(step.index(), step);
    }
  }

  private void look(long index) {
    Step before = steps.get(index);
    if (before != null) {
      open(new Step(before));
      return;
    }
    long start = index * Step.BYTES;
    long lookEnd = Math.min(start + Step.BYTES, highestEnd);
    boolean cached = lookEnd > start && cache.holds(start, lookEnd - start);
    if (cached && lookEnd == start + Step.BYTES) {
      if (kept.size() == MOST_KEPT) {
        kept.clear();
      }
      kept.add(index);
    } else {
      open(new Step(index, cached ? pageEnd(lookEnd) : start));
    }
  }

  private static long pageEnd(long offset) {
    return (offset + Linux.PAGE_BYTES - 1) & -Linux.PAGE_BYTES;
  }

  private void open(Step step) {
    steps.put(step.index(), step);
    open.add(step);
  }

  /**
   * A range was written. Throws nothing.
   *
   * @param ready takes the steps that are to be written back
   * @return bytes that are to be written back, now or later
   */
  long add(long offset, long lengthBytes, StepQueue ready) {
    long end = offset + lengthBytes;
    long added = 0;
    long lastIndex = Step.indexOf(end - 1);
    for (long index = Step.indexOf(offset); index <= lastIndex; index++) {
      Step step = isLatest(index) ? latest : openStep(index);
      if (step != null) {
        long bytes = step.add(offset, end);
        open.grew(bytes);
        added += bytes;
        latest = step;
        if (step.isFull()) {
          close(step, ready);
        }
      }
    }
    highestEnd = Math.max(highestEnd, end);
    while (open.bytes() > MOST_BYTES || open.count() > MOST_STEPS) {
      close(open.first(), ready);
    }
    return added;
  }

  /** Returns the step of an index; null if its pages stay. */
  private Step openStep(long index) {
    try {
      Step known = steps.get(index);
      if ((known != null && known.isOpen()) || kept.contains(index)) {
        return known;
      }
      Step made = known != null ? new Step(known) : new Step(index, unknownEnd(index));
      open(made);
      return made;
    } catch (OutOfMemoryError e) {
      return null;
    }
  }

  /** Returns the end of what may have been cached before, in a step without a look. */
  private long unknownEnd(long index) {
    long start = index * Step.BYTES;
    return Math.max(start, Math.min(start + Step.BYTES, highestEnd));
  }

  private void close(Step step, StepQueue ready) {
    open.remove(step);
    latest = latest == step ? null : latest;
    if (!step.isEmpty()) {
      step.close();
      ready.add(step);
    } else if (step.before() != null) {
      step.before().setWriters(step.writers());
      steps.replace(step.index(), step.before());
      forgetIfUnused(step.before());
    } else {
      step.close();
      step.drop();
      forgetIfUnused(step);
    }
  }

  /** Closes all. Throws nothing. */
  void closeAll(StepQueue ready) {
    while (!open.isEmpty()) {
      close(open.first(), ready);
    }
  }

  /** The pages of a step that was closed have been dropped. Throws nothing. */
  void dropped(Step step) {
    Step now = steps.get(step.index());
    step.drop();
    if (now == step) {
      forgetIfUnused(step);
    } else if (now != null && now.before() == step) {
      now.forgetBefore();
    }
  }
}
