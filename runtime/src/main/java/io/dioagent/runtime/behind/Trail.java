package io.dioagent.runtime.behind;

import io.dioagent.runtime.api.RequestInfo;
import io.dioagent.runtime.base.Defects;
import io.dioagent.runtime.base.Waits;
import io.dioagent.runtime.engine.PageCache;
import io.dioagent.runtime.file.CachedPages;
import io.dioagent.runtime.file.Descriptors;
import io.dioagent.runtime.file.FileContext;
import io.dioagent.runtime.file.FileNode;
import io.dioagent.runtime.file.Observed;
import io.dioagent.runtime.linux.ErrnoException;
import io.dioagent.runtime.linux.Linux;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What callers' own writes have left in the page cache of one file. A thread of the device follows
 * them in steps of a MiB: it has a step's write-back started at once, and some steps later waits
 * for it and drops the pages.
 *
 * <p>Its descriptor is an open file of its own, for reading: so a write-back error is returned to
 * it, and by the application's own fsync as well; and the application's close is the last one of a
 * writer that watchers see.
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

  /** Null if none could be opened: then the kernel writes back in its own time. */
  private final Descriptors descriptors;

  /** Of the monitor's holder: looks for cached pages only. */
  private final PageCache pages;

  // Guarded by the monitor.

  private final OpenSteps open;
  private final StepQueue ready = new StepQueue();
  private final StepQueue started = new StepQueue();
  private int users = 1;
  private boolean flushing;
  private boolean closed;

  /** How many write-backs have failed. */
  private final AtomicInteger failures = new AtomicInteger();

  /** The end of the last range whose pages were dropped, and where that began. By the same. */
  private long droppedFrom;

  private long droppedEnd;

  /** Opens the descriptor, which may block. The file has entered. */
  Trail(Trails trails, DeviceTrails device, FileContext file) {
    this.trails = trails;
    this.device = device;
    this.file = file;
    node = file.node();
    pages = file.runtime().newPageCache();
    descriptors = Descriptors.openApart(file);
    open = new OpenSteps(this::holds, sizeBytes());
  }

  FileNode node() {
    return node;
  }

  DeviceTrails device() {
    return device;
  }

  /** Whether steps are flushed; otherwise the kernel does so in its own time. */
  boolean flushes() {
    return descriptors != null;
  }

  /** How many write-backs have failed. */
  int failures() {
    return failures.get();
  }

  /** Returns the file's length; 0 if the kernel does not say. */
  long sizeBytes() {
    try {
      return descriptors == null ? 0 : descriptors.sizeBytes();
    } catch (ErrnoException e) {
      return 0;
    }
  }

  private boolean holds(long offset, long lengthBytes) {
    return pages.mayHold(new RequestInfo(0, file.path(), offset, lengthBytes), descriptors.given());
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
      if (users == 0 && descriptors != null) {
        open.closeAll(ready);
      }
    }
    flush();
  }

  /** As {@link OpenSteps#isPrepared}. */
  synchronized boolean isPrepared(long offset, long lengthBytes) {
    return open.isPrepared(offset, lengthBytes);
  }

  /** As {@link OpenSteps#prepare}. */
  synchronized long prepare(long offset, long lengthBytes) {
    return descriptors == null ? Long.MAX_VALUE : open.prepare(offset, lengthBytes);
  }

  /** Adds a range that a caller has written. Does not wait, and throws nothing. */
  void add(long offset, long lengthBytes) {
    if (descriptors == null || lengthBytes <= 0) {
      return;
    }
    boolean isReady;
    synchronized (this) {
      try {
        device.bound().add(open.add(offset, lengthBytes, ready));
      } catch (OutOfMemoryError e) {
        return; // What is not added stays in the cache, as without the agent.
      }
      isReady = !ready.isEmpty() && !flushing;
    }
    if (isReady) {
      flush();
    }
  }

  /** Starts a flush if there is something to do, and no flush under way. */
  private void flush() {
    synchronized (this) {
      if (flushing || closed || (users > 0 && ready.isEmpty())) {
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

  /** Without a thread: what is ready stays in the cache, and the kernel writes it back. */
  private void giveUp() {
    boolean last;
    synchronized (this) {
      for (Step step = ready.poll(); step != null; step = ready.poll()) {
        forget(step);
      }
      flushing = false;
      last = isLast();
      closed |= last;
    }
    if (last) {
      close();
    }
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
    trails.closed(this);
    pages.close();
    if (descriptors != null) {
      descriptors.closeApart();
    }
  }

  // By the flushing thread.

  @Override
  public void run() {
    device.adaptBound();
    try (PageCache flushed = file.runtime().newPageCache()) {
      for (Step step = next(); step != null; step = next()) {
        if (step.isStarted()) {
          finish(step, flushed);
        } else {
          start(step);
        }
      }
    } finally {
      ended();
    }
  }

  private void ended() {
    boolean last;
    synchronized (this) {
      flushing = false;
      last = isLast();
      closed |= last;
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
    file.device().traffic().enter();
    try {
      // An error is returned again when the write-back is waited for.
      long unused =
          Linux.syncFileRange(
              descriptors.given(), step.from(), step.lengthBytes(), Linux.SYNC_FILE_RANGE_WRITE);
    } finally {
      file.device().traffic().leave();
    }
    step.start();
    synchronized (this) {
      started.add(step);
    }
  }

  private void finish(Step step, PageCache flushed) {
    try {
      long result = writtenBack(step, flushed);
      if (result < 0) {
        int unused = failures.incrementAndGet();
      }
      drop(step);
    } catch (RuntimeException | Error e) {
      Defects.log(Defects.At.TASK, this, e);
    } finally {
      synchronized (this) {
        forget(step);
      }
    }
  }

  private long writtenBack(Step step, PageCache flushed) {
    FileContext current = file;
    Observed observed = Observed.writeBack(current, step.from(), step.lengthBytes());
    long result = 0;
    current.device().traffic().enter();
    try {
      result = flushed.writeBack(observed.request(), descriptors.given());
    } finally {
      current.device().traffic().leave();
      observed.end(result);
    }
    return result;
  }

  /** Drops the pages of a step, together with those before: a large folio may be of both. */
  private void drop(Step step) {
    long from = step.dropFrom();
    if (from >= step.end()) {
      return;
    }
    boolean follows = from == droppedEnd;
    droppedFrom = follows ? Math.max(droppedFrom, from - BEHIND_BYTES) : from;
    droppedEnd = step.end();
    CachedPages.dropPages(descriptors.given(), droppedFrom, droppedEnd - droppedFrom);
  }

  @Override
  public String toString() {
    return "write-back behind the writers of " + file.path();
  }
}
