package io.dioagent.runtime.read;

import io.dioagent.runtime.api.ReadDecision;
import io.dioagent.runtime.file.FileContext;
import io.dioagent.runtime.linux.CacheStatus;
import io.dioagent.runtime.linux.ErrnoException;
import io.dioagent.runtime.linux.FileStamp;
import io.dioagent.runtime.linux.Linux;

/**
 * Decides under {@code read=auto} which reads of one open file go past the page cache: those of a
 * long sequential run, in steps of the file that the page cache does not hold, and that no run has
 * read before. Each run decides once for each step.
 *
 * <p>Thread-safe; all fields are guarded by the monitor, in which nothing waits: statx(2) and
 * cachestat(2) are answered out of memory.
 */
public final class AutoReads {
  /** A run that is shorter is read through the page cache, as is a shorter rest of a file. */
  private static final long LONG_RUN_BYTES = 1 << 20;

  /** Once a run is so long it is looked up what the page cache holds far ahead of it. */
  private static final long LOOK_BYTES = LONG_RUN_BYTES / 4;

  /**
   * So far ahead of a run that reads through the page cache, its pages are not those that the
   * kernel has read ahead: it has two windows there, of 8 MiB on hosts with the largest ones.
   */
  private static final long FAR_BYTES = 16 << 20;

  /** A run, and its decision for the step that it is in. */
  private static final class AutoRun extends ReadRun {
    private boolean looked;
    private boolean wasCachedAhead;

    /** Null before the run is long. */
    private ReadDecision decision;

    private long decidedTo;

    @Override
    void restarted() {
      looked = false;
      wasCachedAhead = false;
      decision = null;
      decidedTo = 0;
    }
  }

  private final FileContext file;
  private final ReadHistory history;
  private final ReadRuns<AutoRun> runs = new ReadRuns<>(AutoRun::new);

  public AutoReads(FileContext file, ReadHistory history) {
    this.file = file;
    this.history = history;
  }

  /** Returns whether a read that begins now goes past the page cache. */
  public boolean isDirect(long offset, long lengthBytes) {
    try {
      return decide(offset, lengthBytes) == ReadDecision.DIRECT;
    } catch (OutOfMemoryError e) {
      return false; // The page cache needs no memory of the heap.
    }
  }

  private synchronized ReadDecision decide(long offset, long lengthBytes) {
    long now = System.nanoTime();
    AutoRun run = runs.read(offset, lengthBytes, now);
    if (!run.isSequential() || run.lengthBytes() < LOOK_BYTES) {
      return null;
    }
    boolean isLong = run.lengthBytes() >= LONG_RUN_BYTES;
    if (!run.looked || (isLong && (run.decision == null || offset >= run.decidedTo))) {
      ReadDecision decision = lookUp(run, offset, now);
      run.looked = true;
      if (isLong) {
        run.decision = decision;
        run.decidedTo = ReadHistory.endOfStep(offset);
        history.count(decision);
      }
    }
    return run.decision;
  }

  /**
   * Looks at the page cache, and decides if the run is long. The descriptors stay open meanwhile.
   */
  private ReadDecision lookUp(AutoRun run, long at, long now) {
    if (!file.ability().isDirect() || !file.descriptors().enter()) {
      return ReadDecision.NOT_POSSIBLE;
    }
    try {
      FileStamp stamp = FileStamp.of(file.descriptors().buffered());
      boolean isCached = isCached(run, at, stamp.sizeBytes());
      run.wasCachedAhead = isCached;
      return run.lengthBytes() < LONG_RUN_BYTES ? null : decision(isCached, stamp, at, now);
    } catch (ErrnoException e) {
      return ReadDecision.NOT_POSSIBLE;
    } finally {
      file.descriptors().leave();
    }
  }

  private ReadDecision decision(boolean isCached, FileStamp stamp, long at, long now) {
    if (stamp.sizeBytes() - at < LONG_RUN_BYTES) {
      return ReadDecision.SHORT;
    }
    if (isCached) {
      return ReadDecision.CACHED;
    }
    return history.isFirst(file.node().identity(), stamp, at, now)
        ? ReadDecision.DIRECT
        : ReadDecision.AGAIN;
  }

  /**
   * Returns whether the page cache holds what a run reads next, regardless of this run: the step
   * itself if the run is direct; or else what it held far ahead, before the kernel had read there.
   */
  private boolean isCached(AutoRun run, long at, long sizeBytes) {
    if (run.decision == ReadDecision.DIRECT) {
      return isCached(at, Math.min(sizeBytes, ReadHistory.endOfStep(at)));
    }
    if (run.decision == null && run.looked) {
      return run.wasCachedAhead;
    }
    long from = Math.max(at, Math.min(at + FAR_BYTES, sizeBytes - ReadHistory.STEP_BYTES));
    return isCached(from, Math.min(sizeBytes, from + ReadHistory.STEP_BYTES));
  }

  /** Returns whether more than half of a range is cached. Kernels before 6.5 do not report it. */
  private boolean isCached(long from, long end) {
    try (CacheStatus cache = new CacheStatus()) {
      long pages = end <= from ? 0 : cache.query(file.descriptors().buffered(), from, end - from);
      return pages * Linux.PAGE_BYTES > (end - from) / 2;
    }
  }
}
