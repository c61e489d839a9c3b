package io.dioagent.runtime.behind;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
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
 * OPEN       a MiB was written to it, or it is the oldest of too many  closed: to be written back
 * closed     to be written                                             OPEN as well, as it was
 *            dropped                                                   unknown
 * KEPT       written to                                                KEPT: left to the kernel, as without the agent
 *            4,096 others are kept                                     unknown
 * </pre>
 */
final class OpenSteps {
  /** Limits the bytes of steps that are not full: random writes. */
  private static final long MOST_BYTES = 4 << 20;

  private static final int MOST_STEPS = 1024;
  private static final int MOST_KEPT = 4096;

  /** Finds out whether pages are cached. */
  interface Cache {
    /** Whether any page of a range is cached. Does not block. */
    boolean holds(long offset, long lengthBytes);
  }

  private final Trail trail;
  private final Cache cache;

  /** In the order of their first write. */
  private final Map<Long, Step> open = new LinkedHashMap<>();

  private final Set<Long> kept = new HashSet<>();

  /** Being written back: their pages are cached by this JVM's own writes. */
  private final Map<Long, Step> closed = new HashMap<>();

  /** No page at or above was cached by others, as far as is known. */
  private long highestEnd;

  private long openBytes;

  /** Added and not taken yet. */
  private long newBytes;

  /** The step of the last write; null for none. */
  private Step latest;

  /**
   * Starts with a file of some length.
   *
   * @param trail of its steps
   * @param sizeBytes of what is there already
   */
  OpenSteps(Trail trail, Cache cache, long sizeBytes) {
    this.trail = trail;
    this.cache = cache;
    highestEnd = sizeBytes;
  }

  /** Whether a write to a range needs no {@link #prepare}. */
  boolean isPrepared(long offset, long lengthBytes) {
    long lastIndex = Step.indexOf(offset + lengthBytes - 1);
    for (long index = Step.indexOf(offset); index <= lastIndex; index++) {
      boolean known = latest != null && latest.index() == index;
      if (!known && !open.containsKey(index) && !kept.contains(index)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Before a write to a range: looks which of its pages are cached already.
   *
   * @return the end of the last step that is prepared
   */
  long prepare(long offset, long lengthBytes) {
    long lastIndex = Step.indexOf(offset + lengthBytes - 1);
    for (long index = Step.indexOf(offset); index <= lastIndex; index++) {
      if (!open.containsKey(index) && !kept.contains(index)) {
        look(index);
      }
    }
    return (lastIndex + 1) * Step.BYTES;
  }

  private void look(long index) {
    Step before = closed.get(index);
    if (before != null) {
      open.put(index, new Step(trail, index, before.keptEnd()));
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
      open.put(index, new Step(trail, index, cached ? lookEnd : start));
    }
  }

  /**
   * A range was written.
   *
   * @param ready takes the steps that are to be written back
   */
  void add(long offset, long lengthBytes, StepQueue ready) {
    long end = offset + lengthBytes;
    long lastIndex = Step.indexOf(end - 1);
    for (long index = Step.indexOf(offset); index <= lastIndex; index++) {
      Step step = latest != null && latest.index() == index ? latest : open(index);
      if (step != null) {
        long bytes = step.add(offset, end);
        openBytes += bytes;
        newBytes += bytes;
        latest = step;
        if (step.isFull()) {
          close(step, ready);
        }
      }
    }
    highestEnd = Math.max(highestEnd, end);
    closeOldest(ready);
  }

  /** Returns the bytes that were added since the last call, and are to be written back. */
  long takeNewBytes() {
    long taken = newBytes;
    newBytes = 0;
    return taken;
  }

  /** Returns the step of an index; null if its pages stay. */
  private Step open(long index) {
    Step step = open.get(index);
    if (step == null && !kept.contains(index)) {
      // Written without a look: what may have been cached before stays.
      long start = index * Step.BYTES;
      step = new Step(trail, index, Math.max(start, Math.min(start + Step.BYTES, highestEnd)));
      open.put(index, step);
    }
    return step;
  }

  private void close(Step step, StepQueue ready) {
    open.remove(step.index());
    moved(step, ready);
  }

  private void moved(Step step, StepQueue ready) {
    openBytes -= step.writtenBytes();
    latest = latest == step ? null : latest;
    if (!step.isEmpty()) {
      ready.add(step);
      remember(step);
    }
  }

  private void remember(Step step) {
    try {
      closed.put(step.index(), step);
    } catch (OutOfMemoryError e) {
      return; // If it is written again meanwhile, its pages stay.
    }
  }

  /** The pages of a step that was closed have been dropped. */
  void dropped(Step step) {
    closed.remove(step.index(), step);
  }

  private void closeOldest(StepQueue ready) {
    if (openBytes <= MOST_BYTES && open.size() <= MOST_STEPS) {
      return;
    }
    Iterator<Step> oldest = open.values().iterator();
    while (oldest.hasNext() && (openBytes > MOST_BYTES || open.size() > MOST_STEPS)) {
      Step step = oldest.next();
      oldest.remove();
      moved(step, ready);
    }
  }

  /** Closes all. */
  void closeAll(StepQueue ready) {
    for (Step step : open.values()) {
      moved(step, ready);
    }
    open.clear();
  }

  /** Without memory: forgets the open steps. Returns how many bytes were written to them. */
  long forgetAll() {
    long forgotten = openBytes;
    open.clear();
    openBytes = 0;
    latest = null;
    return forgotten;
  }
}
