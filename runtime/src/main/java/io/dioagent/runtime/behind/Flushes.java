package io.dioagent.runtime.behind;

import io.dioagent.runtime.base.Defects;
import io.dioagent.runtime.base.Waits;
import io.dioagent.runtime.device.RuntimeContext;
import io.dioagent.runtime.engine.PageCache;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * Writes the steps of all files of one device back, and drops their pages. Has a step's write-back
 * started first, and waits for it some steps later, so that the device is kept busy.
 *
 * <p>A step rests for a moment before it is started, as long as little is dirty: a burst of writes
 * does not compete with its own write-back then.
 *
 * <p>Thread-safe; guarded by its monitor, over which nothing blocks. One thread does the work; one
 * more comes for each so many bytes that wait for it, as the first may be stuck in one file.
 */
final class Flushes implements Runnable {
  /** How far waiting for write-back stays behind starting it. */
  private static final long BEHIND_BYTES = 8 << 20;

  /** Limits the rest of a step before its write-back is started. */
  private static final long REST_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** Steps are started at once while more than this part of the bound is dirty. */
  private static final long REST_SHARE = 8;

  /** How long a thread waits for the next step before it waits for the device. */
  private static final long NEXT_STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

  private static final long BYTES_PER_THREAD = 64 << 20;
  private static final int MOST_THREADS = 8;

  private final RuntimeContext runtime;
  private final DirtyBound bound;
  private final Threads threads;
  private final StepQueue ready = new StepQueue();
  private final StepQueue started = new StepQueue();
  private int running;

  /** Runs tasks on threads that may get stuck. */
  interface Threads {
    /**
     * Runs a task now or later; does not wait.
     *
     * @return false if there are no more threads, and it will never run
     */
    boolean execute(Runnable task);
  }

  Flushes(RuntimeContext runtime, DirtyBound bound, Threads threads) {
    this.runtime = runtime;
    this.bound = bound;
    this.threads = threads;
  }

  /**
   * Takes all steps of a queue. Does not wait, and allocates nothing.
   *
   * @param steps of a trail, whose monitor the caller holds
   * @return whether {@link #start} has to follow, without that monitor
   */
  synchronized boolean add(Trail trail, StepQueue steps) {
    long now = System.nanoTime();
    for (Step step = steps.poll(); step != null; step = steps.poll()) {
      step.passOn(trail, now);
      ready.add(step);
    }
    if (!mayRest()) {
      notifyAll();
    }
    long wanted = Math.min(1 + ready.bytes() / BYTES_PER_THREAD, MOST_THREADS);
    if (running >= wanted) {
      return false;
    }
    running++;
    return true;
  }

  /** Starts a thread that {@link #add} has counted. Does not wait, and throws nothing. */
  void start() {
    boolean begun = false;
    try {
      begun = threads.execute(this);
    } catch (OutOfMemoryError | RejectedExecutionException e) {
      begun = false; // No memory, or the runtime is closed.
    } finally {
      if (!begun) {
        giveUp();
      }
    }
  }

  /** Without a thread or memory: steps stay in the cache, and the kernel writes them back. */
  private void giveUp() {
    for (Step step = pollIfAlone(); step != null; step = pollIfAlone()) {
      end(step);
    }
  }

  /** Returns a step that no other thread will flush; with null this thread is not counted more. */
  private synchronized Step pollIfAlone() {
    Step step = null;
    if (running == 1) {
      step = ready.isEmpty() ? started.poll() : ready.poll();
    }
    running -= step == null ? 1 : 0;
    return step;
  }

  private void end(Step step) {
    bound.remove(step.writtenBytes());
    step.trail().ended(step);
  }

  /** Under the monitor: whether a burst may go on without its write-back. */
  private boolean mayRest() {
    return bound.bytes() < bound.limitBytes() / REST_SHARE;
  }

  @Override
  public void run() {
    boolean ended = false;
    try (PageCache pages = runtime.newPageCache()) {
      for (Step step = next(); step != null; step = next()) {
        flush(step, pages);
      }
      ended = true;
    } finally {
      if (!ended) {
        giveUp();
      }
    }
  }

  /** Returns the next step to start or to finish; null ends the thread. */
  private synchronized Step next() {
    boolean waited = false;
    while (true) {
      long restNanos = ready.isEmpty() ? NEXT_STEP_NANOS : restNanos();
      if (restNanos <= 0) {
        return ready.poll();
      }
      if (started.bytes() > BEHIND_BYTES || (waited && !started.isEmpty())) {
        return started.poll();
      }
      if (ready.isEmpty() && started.isEmpty()) {
        running--;
        return null;
      }
      boolean unused = Waits.onMonitor(this, restNanos);
      waited = true;
    }
  }

  /** How long the first step rests; 0 or less if it is to be started. */
  private long restNanos() {
    return mayRest() ? ready.first().readyNanoTime() + REST_NANOS - System.nanoTime() : 0;
  }

  private void flush(Step step, PageCache pages) {
    try {
      if (step.isStarted()) {
        step.trail().finish(step, pages);
      } else {
        step.trail().start(step);
      }
    } catch (RuntimeException | Error e) {
      Defects.log(Defects.At.TASK, step.trail(), e);
    } finally {
      if (step.isStarted()) {
        end(step);
      } else {
        started(step);
      }
    }
  }

  private synchronized void started(Step step) {
    step.start();
    started.add(step);
  }
}
