package io.dioagent.runtime.async;

import io.dioagent.runtime.base.Limit;
import io.dioagent.runtime.base.Waits;
import io.dioagent.runtime.device.TaskQueue;
import io.dioagent.runtime.file.FileContext;
import io.dioagent.runtime.file.FileNode;
import io.dioagent.runtime.linux.ErrnoException;

/**
 * The asynchronous writes of one file: their number, and the turns of those that need a thread to
 * wait on. The writes of one file do not take all of the device's threads; writes that extend it go
 * one after the other, in order.
 *
 * <p>Thread-safe; guarded by its monitor.
 */
public final class AsyncFile {
  private static final int THREADS = 8;

  private final FileContext file;
  private final TaskQueue extending;
  private final TaskQueue others;
  private int open;
  private boolean closed;

  public AsyncFile(FileContext file) {
    this.file = file;
    extending = TaskQueue.beforeQueue(file.device().asyncThreads(), 1);
    others = TaskQueue.beforeQueue(file.device().asyncThreads(), THREADS);
  }

  FileContext file() {
    return file;
  }

  /**
   * A write begins.
   *
   * @return false if the file is closed
   */
  public synchronized boolean enter() {
    if (!closed) {
      open++;
    }
    return !closed;
  }

  /** A write has ended. */
  public synchronized void leave() {
    open--;
    if (open == 0) {
      notifyAll();
    }
  }

  /** Admits no more writes; waits for those that there are, within a limit. */
  public synchronized void close(Limit limit) {
    closed = true;
    boolean unused = awaitNone(limit);
  }

  /**
   * Waits until there is no write; an interrupt does not end the wait.
   *
   * @return false if the limit came first
   */
  public synchronized boolean awaitNone(Limit limit) {
    boolean interrupted = false;
    for (long left; open > 0 && (left = limit.leftNanos()) > 0; ) {
      interrupted |= Waits.onMonitor(this, left);
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return open == 0;
  }

  /** Whether a write up to an offset leaves the size as it is. By a user of the descriptors. */
  boolean isWithin(long endOffset) throws ErrnoException {
    FileNode node = file.node();
    if (endOffset > node.leastSizeBytes()) {
      node.grewTo(file.descriptors().sizeBytes());
    }
    return endOffset <= node.leastSizeBytes();
  }

  /** As {@link #isWithin}, by any thread; false as well if the file is closed. */
  public boolean leavesSize(long endOffset) {
    if (!enter()) {
      return false;
    }
    try {
      return isWithin(endOffset);
    } catch (ErrnoException e) {
      return false;
    } finally {
      leave();
    }
  }

  /** Runs a task that may have to wait, when it is its turn. */
  void executeWaiting(Runnable task, long endOffset) {
    (endOffset > file.node().leastSizeBytes() ? extending : others).execute(task);
  }
}
