package io.dioagent.runtime.behind;

import io.dioagent.runtime.engine.PageCache;
import io.dioagent.runtime.file.FileContext;
import io.dioagent.runtime.file.FileNode;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What callers' own writes have left in the page cache of one file. {@link Flushes} of the device
 * follow them in steps of a MiB.
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
 * <p>Thread-safe; guarded by its monitor, in which nothing blocks. That of {@link Flushes} may be
 * taken within it.
 */
final class Trail {
  private final Trails trails;
  private final DeviceTrails device;
  private final FileNode node;

  /** Of the latest file that entered: for policy, path and events. */
  private volatile FileContext file;

  private final TrailPages pages;

  // Guarded by the monitor.

  private final OpenSteps open;
  private final StepQueue ready = new StepQueue();

  /** How many steps have been passed on, and have not ended. */
  private int pending;

  private int users = 1;
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
    startIf(left());
    closeIfLast();
  }

  private synchronized boolean left() {
    users--;
    if (users == 0 && pages.areFlushed()) {
      open.closeAll(ready);
    }
    return passOn();
  }

  /** Begins a write to a range: until its end, what is known of its pages stays known. */
  synchronized void begin(long offset, long lengthBytes) {
    long unused = prepare(offset, lengthBytes);
    open.begin(offset, lengthBytes);
  }

  /** Ends a write that was begun, and adds what it has written. Does not wait, throws nothing. */
  void end(long offset, long lengthBytes, long writtenBytes) {
    startIf(endOpen(offset, lengthBytes, writtenBytes));
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
    startIf(lengthBytes > 0 && addOpen(offset, lengthBytes));
  }

  private synchronized boolean addOpen(long offset, long lengthBytes) {
    if (hasEnded()) {
      return false;
    }
    device.bound().add(open.add(offset, lengthBytes, ready));
    if (users == 0 || !device.bound().isBelow()) {
      open.closeAll(ready); // Callers wait for these bytes, or no file is left to add to them.
    }
    return passOn();
  }

  /** Has all steps written back: callers wait for it. Does not wait itself. */
  void flushAll() {
    startIf(closeAll());
  }

  private synchronized boolean closeAll() {
    open.closeAll(ready);
    return passOn();
  }

  /** Under the monitor: returns whether a flush is to be started. */
  private boolean passOn() {
    pending += ready.count();
    return !ready.isEmpty() && device.flushes().add(this, ready);
  }

  private void startIf(boolean isDue) {
    if (isDue) {
      device.flushes().start();
    }
  }

  private void closeIfLast() {
    if (!isLast()) {
      return;
    }
    try {
      pages.close();
    } finally {
      trails.closed(this);
    }
  }

  /** Returns whether nothing is left to do, by any thread, for the first time. */
  private synchronized boolean isLast() {
    boolean last = users == 0 && pending == 0 && !closed;
    closed |= last;
    return last;
  }

  // By threads of Flushes.

  /** Starts the write-back of a step, which may block. */
  void start(Step step) {
    pages.start(file, step);
  }

  /** Waits for the write-back of a step, and drops its pages. */
  void finish(Step step, PageCache flushed) {
    device.adaptBound();
    if (pages.writeBack(file, step, flushed) < 0) {
      int unused = failures.incrementAndGet();
    }
    pages.drop(step);
  }

  /** A step has been dropped, or stays in the cache. Its bytes are off the bound. */
  void ended(Step step) {
    forget(step);
    closeIfLast();
  }

  private synchronized void forget(Step step) {
    open.dropped(step);
    pending--;
  }

  @Override
  public String toString() {
    return "write-back behind the writers of " + file.path();
  }
}
