package io.dioagent.runtime.read;

import io.dioagent.runtime.api.ReadDecision;
import io.dioagent.runtime.linux.FileStamp;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The steps of files that runs of this process have read past the page cache lately, and the number
 * of each decision. A step that is read again soon is better cached.
 *
 * <p>Thread-safe; files are guarded by the monitor.
 */
public final class ReadHistory {
  /** What one decision is for: a part of a file, aligned to its length. */
  static final long STEP_BYTES = 4 << 20;

  /** Limits the files that are remembered; past it, the one read the longest ago is forgotten. */
  private static final int FILES = 256;

  /**
   * Limits the steps that are remembered of a file; those behind count as read for the first time.
   */
  private static final int STEPS = 1 << 16;

  /** A file that no run has read for so long is forgotten. */
  private static final long KEPT_NANOS = TimeUnit.MINUTES.toNanos(10);

  private static final class Steps {
    private final BitSet read = new BitSet();
    private final FileStamp stamp;
    private long lastNanoTime;

    Steps(FileStamp stamp) {
      this.stamp = stamp;
    }
  }

  /** By identity of the file; the one read the longest ago first. */
  private final Map<Object, Steps> files = new LinkedHashMap<>(16, 0.75f, true);

  /** Filled when it is made, so that it needs no monitor. */
  private final Map<ReadDecision, AtomicLong> counts = new EnumMap<>(ReadDecision.class);

  /** Nothing has been read. */
  public ReadHistory() {
    for (ReadDecision decision : ReadDecision.values()) {
      counts.put(decision, new AtomicLong());
    }
  }

  static long endOfStep(long offset) {
    return (offset / STEP_BYTES + 1) * STEP_BYTES;
  }

  /**
   * Returns whether the step of an offset is read for the first time since the file has changed, or
   * for the first time in ten minutes. From now on it has been read.
   */
  synchronized boolean isFirst(Object file, FileStamp stamp, long offset, long nanoTime) {
    Steps known = files.get(file);
    if (known == null || !known.stamp.equals(stamp) || nanoTime - known.lastNanoTime > KEPT_NANOS) {
      known = new Steps(stamp);
      files.put(file, known);
      if (files.size() > FILES) {
        files.remove(files.keySet().iterator().next());
      }
    }
    known.lastNanoTime = nanoTime;
    int step = (int) Math.min(STEPS, offset / STEP_BYTES);
    boolean isFirst = step == STEPS || !known.read.get(step);
    if (step < STEPS) {
      known.read.set(step);
    }
    return isFirst;
  }

  void count(ReadDecision decision) {
    counts.get(decision).incrementAndGet();
  }

  /** Returns how many steps were decided so. */
  public long steps(ReadDecision decision) {
    return counts.get(decision).get();
  }
}
