package io.dioagent.runtime.read;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The sequential readers of one open file, as their reads show them. A read belongs to the reader
 * that it follows, or else to one that covers its offset, or else it begins a new one.
 *
 * <p>Guarded by the monitor of its owner.
 */
final class ReadRuns<R extends ReadRun> {
  /**
   * Limits the readers that are known at once. Past it a new one replaces one that is not
   * sequential or no longer reads, or else the one whose last read is the longest ago.
   */
  private static final int RUNS = 16;

  /** After so long without a read, a reader counts as one that no longer reads. */
  private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Supplier<R> maker;
  private final List<R> runs = new ArrayList<>(0);

  /** No reader yet. */
  ReadRuns(Supplier<R> maker) {
    this.maker = maker;
  }

  /** How many are known; they are counted, as a close allocates nothing. */
  int count() {
    return runs.size();
  }

  R get(int index) {
    return runs.get(index);
  }

  /** Returns the run that a read belongs to, which has advanced to the end of the read. */
  R read(long offset, long lengthBytes, long nanoTime) {
    R run = followed(offset);
    if (run == null) {
      run = covering(offset);
    }
    if (run == null) {
      run = replaced(nanoTime);
      run.restart(offset);
    }
    run.advance(offset, lengthBytes, nanoTime);
    return run;
  }

  /** The run that a read at an offset follows, a sequential one first; null for none. */
  private R followed(long offset) {
    R found = null;
    for (int i = 0; i < runs.size(); i++) {
      R run = runs.get(i);
      if (run.follows(offset) && (found == null || run.isSequential())) {
        found = run;
      }
    }
    return found;
  }

  /** The sequential run whose last read ends at an offset; null for none. */
  R endingAt(long offset) {
    for (int i = 0; i < runs.size(); i++) {
      R run = runs.get(i);
      if (run.nextOffset() == offset && run.isSequential()) {
        return run;
      }
    }
    return null;
  }

  /** As {@link ReadRun#covers}; null for none. */
  R covering(long offset) {
    for (int i = 0; i < runs.size(); i++) {
      if (runs.get(i).covers(offset)) {
        return runs.get(i);
      }
    }
    return null;
  }

  /** A further run, or else the one that is missed least. */
  private R replaced(long nanoTime) {
    if (runs.size() < RUNS) {
      R made = maker.get();
      runs.add(made);
      return made;
    }
    R least = runs.get(0);
    for (int i = 1; i < RUNS; i++) {
      R run = runs.get(i);
      least = isMissedLess(run, least, nanoTime) ? run : least;
    }
    return least;
  }

  private static boolean isMissedLess(ReadRun one, ReadRun other, long nanoTime) {
    boolean isOneReading = isReading(one, nanoTime);
    return isOneReading == isReading(other, nanoTime)
        ? one.lastReadNanoTime() - other.lastReadNanoTime() < 0
        : !isOneReading;
  }

  private static boolean isReading(ReadRun run, long nanoTime) {
    return run.isSequential() && nanoTime - run.lastReadNanoTime() <= IDLE_NANOS;
  }
}
