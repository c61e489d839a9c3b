package io.dioagent.runtime.behind;

import io.dioagent.runtime.base.Defects;
import io.dioagent.runtime.base.Waits;
import io.dioagent.runtime.engine.PageCache;
import io.dioagent.runtime.file.FileContext;
import io.dioagent.runtime.file.FileNode;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What callers' own writes have left in the page cache of one file. A thread of the device follows
 * them in steps of a MiB: it has a step's write-back started at once, and some steps later waits
 * for it and drops the pages.
 *
 * <pre>
 * state      what happens                                                      next
 * ENTERED    a file that is open on the node leaves, another one stays         ENTERED
 *            the last one leaves                                               LEFT; all steps are ready
 * LEFT       a file enters                                                     ENTERED
 *            the last step is dropped, or cannot be                            CLOSED
 * CLOSED     a file would enter: it makes another trail                        CLOSED
 * </pre>
 *
 * <p>Thread-safe; guarded by its monitor, in which nothing blocks. One thread flushes at a time:
 * {@code flushing}.
 */
final class Trail implements Runnable {
  /** How far waiting for write-back stays behind starting it: keeps a device busy. */
  private static final long BEHIND_BYTES = 8 << 20;

  /** How long a flush waits for the next step before it waits for the device. */
  private static final long NEXT_STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

  private final Trails trails;
  private final DeviceTrails device;
  private final FileNode node;

  /** Of the latest file that entered: for policy, path and events. */
  private volatile FileContext file;

  private final TrailPages pages;

  // Guarded by the monitor.

  private final OpenSteps open;
  private final StepQueue ready = new StepQueue();
  private final StepQueue started = new StepQueue();
  private int users = 1;
  private boolean flushing;
  private boolean closed;

  private final AtomicInteger failures = new AtomicInteger();

  /** Opens a descriptor, which may block. The file has entered. */
  Trail(Trails trails, DeviceTrails device, FileContext file) {
    this.trails = trails;
    this.device = device;
    this.file = file;
    node = file.node();
    pages = TrailPages.open(file);
    boolean made = false;
    try {
      open = new OpenSteps(this::areHeld, pages.sizeBytes());
      made = true;
    } finally {
      if (!made) {
        pages.close();
      }
    }
  }

  FileNode node() {
    return node;
  }

  DeviceTrails device() {
    return device;
  }

  /** How many write-backs have failed. */
  int failures() {
    return failures.get();
  }

  /** As {@link TrailPages#sizeBytes}. */
  long sizeBytes() {
    return pages.sizeBytes();
  }

  /**
   * Returns the error of a write-back that an open file has not received yet.
   *
   * @return 0 or a negative errno
   */
  synchronized long standingError(int fd) {
    return closed ? 0 : pages.standingError(fd);
  }

  private boolean areHeld(long offset, long lengthBytes) {
    return pages.areHeld(file, offset, lengthBytes);
  }

  // By callers.

  /**
   * A file that is open on the node enters.
   *
   * @return false if the trail is closed
   */
  synchronized boolean enter(FileContext entering) {
    if (closed) {
      return false;
    }
    users++;
    file = entering;
    return true;
  }

  /** A file leaves; with the last one the rest is flushed. Does not wait for that. */
  void leave() {
    synchronized (this) {
      users--;
      if (users == 0 && pages.areFlushed()) {
        open.closeAll(ready);
      }
    }
    flush();
  }

  /** Begins a write to a range: until its end, what is known of its pages stays known. */
  synchronized void begin(long offset, long lengthBytes) {
    long unused = prepare(offset, lengthBytes);
    open.begin(offset, lengthBytes);
  }

  /** Ends a write that was begun, and adds what it has written. Does not wait, throws nothing. */
  void end(long offset, long lengthBytes, long writtenBytes) {
    if (endOpen(offset, lengthBytes, writtenBytes)) {
      flush();
    }
  }

  private synchronized boolean endOpen(long offset, long lengthBytes, long writtenBytes) {
    boolean flushes = writtenBytes > 0 && addOpen(offset, writtenBytes);
    open.end(offset, lengthBytes);
    return flushes;
  }

  /** As {@link OpenSteps#isPrepared}. */
  synchronized boolean isPrepared(long offset, long lengthBytes) {
    return hasEnded() || open.isPrepared(offset, lengthBytes);
  }

  /** As {@link OpenSteps#prepare}. */
  synchronized long prepare(long offset, long lengthBytes) {
    return hasEnded() ? Long.MAX_VALUE : open.prepare(offset, lengthBytes);
  }

  /** Whether nothing is flushed: what is written stays in the cache, as without the agent. */
  private boolean hasEnded() {
    return closed || !pages.areFlushed();
  }

  /**
   * Adds a range that a caller has written. Does not wait, and throws nothing. Its file may have
   * left by then, as a close does not wait for a write that hangs.
   */
  void add(long offset, long lengthBytes) {
    if (lengthBytes <= 0 || !addOpen(offset, lengthBytes)) {
      return;
    }
    flush();
  }

  /** Returns whether a flush is to be started. */
  private synchronized boolean addOpen(long offset, long lengthBytes) {
    if (hasEnded()) {
      return false;
    }
    device.bound().add(open.add(offset, lengthBytes, ready));
    if (users == 0 || !device.bound().isBelow()) {
      open.closeAll(ready); // Callers wait for these bytes, or no file is left to add to them.
    }
    return !ready.isEmpty() && !flushing;
  }

  /** Has all steps written back: callers wait for it. Does not wait itself. */
  void flushAll() {
    synchronized (this) {
      open.closeAll(ready);
    }
    flush();
  }

  /** Starts a flush if there is something to do, and no flush under way. */
  private void flush() {
    synchronized (this) {
      if (flushing || closed || (users > 0 && ready.isEmpty() && started.isEmpty())) {
        return;
      }
      flushing = true;
    }
    boolean begun = false;
    try {
      begun = device.device().executeSoon(this);
    } catch (OutOfMemoryError | RejectedExecutionException e) {
      begun = false; // The runtime is closed, or there is no memory.
    } finally {
      if (!begun) {
        giveUp();
      }
    }
  }

  /** Without a thread or memory: these steps stay in the cache, and the kernel writes them back. */
  private void giveUp() {
    boolean last;
    synchronized (this) {
      forgetAll(ready);
      forgetAll(started);
      last = endFlush();
    }
    if (last) {
      close();
    }
  }

  private void forgetAll(StepQueue steps) {
    for (Step step = steps.poll(); step != null; step = steps.poll()) {
      forget(step);
    }
  }

  /** Under the monitor: returns whether the trail is to be closed. */
  private boolean endFlush() {
    flushing = false;
    boolean last = isLast();
    closed |= last;
    return last;
  }

  /** Under the monitor. */
  private void forget(Step step) {
    open.dropped(step);
    device.bound().remove(step.writtenBytes());
  }

  /** Under the monitor: whether nothing is left to do, by any thread. */
  private boolean isLast() {
    return users == 0 && ready.isEmpty() && started.isEmpty() && !flushing && !closed;
  }

  private void close() {
    try {
      pages.close();
    } finally {
      trails.closed(this);
    }
  }

  // By the flushing thread.

  @Override
  public void run() {
    boolean done = false;
    try {
      flushSteps();
      done = true;
    } finally {
      if (done) {
        ended();
      } else {
        giveUp();
      }
    }
  }

  private void flushSteps() {
    device.adaptBound();
    try (PageCache flushed = file.runtime().newPageCache()) {
      for (Step step = next(); step != null; step = next()) {
        if (step.isStarted()) {
          finish(step, flushed);
        } else {
          start(step);
        }
      }
    }
  }

  private void ended() {
    boolean last;
    synchronized (this) {
      last = endFlush();
    }
    if (last) {
      close();
    } else {
      flush(); // What became ready meanwhile.
    }
  }

  /** Returns the next step to start or to finish; null if there is none. */
  private synchronized Step next() {
    boolean waited = false;
    while (true) {
      Step step = ready.poll();
      if (step != null) {
        return step;
      }
      if (waited || users == 0 || started.isEmpty() || started.bytes() > BEHIND_BYTES) {
        return started.poll();
      }
      boolean unused = Waits.onMonitor(this, NEXT_STEP_NANOS);
      waited = true;
    }
  }

  private void start(Step step) {
    try {
      pages.start(file, step);
    } finally {
      started(step);
    }
  }

  private synchronized void started(Step step) {
    step.start();
    started.add(step);
  }

  private void finish(Step step, PageCache flushed) {
    try {
      long result = pages.writeBack(file, step, flushed);
      if (result < 0) {
        int unused = failures.incrementAndGet();
      }
      pages.drop(step);
    } catch (RuntimeException | Error e) {
      Defects.log(Defects.At.TASK, this, e);
    } finally {
      ended(step);
    }
  }

  private synchronized void ended(Step step) {
    forget(step);
  }

  @Override
  public String toString() {
    return "write-back behind the writers of " + file.path();
  }
}
