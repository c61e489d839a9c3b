package io.dioagent.runtime.behind;

import io.dioagent.runtime.api.RequestInfo;
import io.dioagent.runtime.engine.PageCache;
import io.dioagent.runtime.file.CachedPages;
import io.dioagent.runtime.file.Descriptors;
import io.dioagent.runtime.file.FileContext;
import io.dioagent.runtime.file.FileNode;
import io.dioagent.runtime.file.Observed;
import io.dioagent.runtime.linux.ErrnoException;
import io.dioagent.runtime.linux.Linux;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What callers' own writes have left in the page cache of one file. {@link Flushes} of the device
 * follow them in steps of a MiB.
 *
 * <p>Its descriptor is an open file of its own, for reading: so a write-back error is returned to
 * it, and by the application's own fsync as well; and the application's close is the last one of a
 * writer that watchers see.
 *
 * <pre>
 * state      what happens                                                      next
 * ENTERED    a file that is open on the node leaves, another one stays         ENTERED
 *            the last one leaves                                               LEFT; all steps are flushed
 * LEFT       a file enters                                                     ENTERED
 *            the last step is dropped, or cannot be                            CLOSED
 * CLOSED     a file would enter: it makes another trail                        CLOSED
 * </pre>
 *
 * <p>Thread-safe; guarded by its monitor, in which nothing blocks.
 */
final class Trail {
  /** How far the pages of earlier steps are dropped again, with those of a step that follows. */
  private static final long AGAIN_BYTES = 8 << 20;

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
  private int users = 1;

  /** Steps that were closed, and are not passed on yet. */
  private StepQueue closedSteps = new StepQueue();

  /** How many steps are closed, and not dropped. */
  private int pending;

  private boolean closed;

  /** How many write-backs have failed. */
  private final AtomicInteger failures = new AtomicInteger();

  /** The last range whose pages were dropped. */
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
    open = new OpenSteps(this, this::holds, sizeBytes());
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
    StepQueue empty = newQueue();
    StepQueue taken = null;
    synchronized (this) {
      users--;
      if (users == 0) {
        taken = closeSteps(empty);
      }
    }
    if (taken != null) {
      device.flushes().add(taken);
    }
    closeIfLast();
  }

  /** Returns null without the memory for it. */
  private static StepQueue newQueue() {
    try {
      return new StepQueue();
    } catch (OutOfMemoryError e) {
      return null;
    }
  }

  /**
   * Closes all steps. Without memory their pages stay in the cache, and the kernel writes them
   * back.
   *
   * @param empty in place of the closed ones; null if there was no memory
   * @return the closed ones; null for none
   */
  private StepQueue closeSteps(StepQueue empty) {
    try {
      open.closeAll(closedSteps);
      if (empty != null) {
        return take(empty);
      }
    } catch (OutOfMemoryError e) {
      device.bound().remove(open.forgetAll());
    }
    for (Step step = closedSteps.poll(); step != null; step = closedSteps.poll()) {
      open.dropped(step);
      device.bound().remove(step.writtenBytes());
    }
    return null;
  }

  /** As {@link OpenSteps#isPrepared}. */
  synchronized boolean isPrepared(long offset, long lengthBytes) {
    return descriptors == null || open.isPrepared(offset, lengthBytes);
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
    try {
      if (added(offset, lengthBytes)) {
        flush();
      }
    } catch (OutOfMemoryError e) {
      return; // What is not added stays in the cache, as without the agent.
    }
  }

  /** Returns whether a step was closed. */
  private synchronized boolean added(long offset, long lengthBytes) {
    try {
      open.add(offset, lengthBytes, closedSteps);
    } finally {
      device.bound().add(open.takeNewBytes());
    }
    return !closedSteps.isEmpty();
  }

  /** Passes the closed steps on. Without the memory for it they are passed on with later ones. */
  private void flush() {
    StepQueue taken = new StepQueue();
    synchronized (this) {
      taken = take(taken);
    }
    device.flushes().add(taken);
  }

  /** Under the monitor: takes the closed steps, which are pending from now on. */
  private StepQueue take(StepQueue empty) {
    StepQueue taken = closedSteps;
    closedSteps = empty;
    pending += taken.count();
    return taken;
  }

  private void closeIfLast() {
    boolean last;
    synchronized (this) {
      last = users == 0 && pending == 0 && !closed;
      closed |= last;
    }
    if (last) {
      trails.closed(this);
      pages.close();
      if (descriptors != null) {
        descriptors.closeApart();
      }
    }
  }

  // By threads of Flushes.

  /** A step has been dropped, or never will be. */
  void finished(Step step) {
    synchronized (this) {
      open.dropped(step);
      pending--;
    }
    closeIfLast();
  }

  /** Starts the write-back of a step. */
  void start(Step step) {
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
  }

  /** Waits for the write-back of a step, and drops its pages. */
  void finish(Step step, PageCache flushed) {
    device.adaptBound();
    if (writtenBack(step, flushed) < 0) {
      int unused = failures.incrementAndGet();
    }
    drop(step);
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
    if (from < step.end()) {
      long dropFrom = follow(from, step.end());
      CachedPages.dropPages(descriptors.given(), dropFrom, step.end() - dropFrom);
    }
  }

  private synchronized long follow(long from, long end) {
    boolean follows = from == droppedEnd;
    droppedFrom = follows ? Math.max(droppedFrom, from - AGAIN_BYTES) : from;
    droppedEnd = end;
    return droppedFrom;
  }

  @Override
  public String toString() {
    return "write-back behind the writers of " + file.path();
  }
}
