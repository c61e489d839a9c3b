package io.dioagent.runtime.file;

import io.dioagent.runtime.api.Errno;
import io.dioagent.runtime.base.Waits;
import io.dioagent.runtime.device.DescriptorBudget;
import io.dioagent.runtime.linux.ErrnoException;
import io.dioagent.runtime.linux.FileStatus;
import io.dioagent.runtime.linux.Linux;
import java.util.concurrent.TimeUnit;

/**
 * The descriptors of one file. A thread that may get stuck uses descriptors of the runtime: the
 * application may close its own meanwhile, and the number may come to mean another file.
 *
 * <pre>
 * given       the application's, or one that the runtime opened
 * anchor      its duplicate: the same open file description, with its flags; for buffered writes.
 *             Where that is O_DIRECT, the same file opened without
 * direct      with O_DIRECT, opened from the anchor, so that it is the same file though it may
 *             have been renamed or deleted; open(2) may get stuck
 * </pre>
 *
 * <p>The runtime's descriptors are closed with the application's, and never while a request uses
 * them: closing any descriptor of a file drops all of the process's POSIX locks on it (fcntl(2)).
 * {@link LateCloses} closes those that outlive the application's.
 *
 * <p>Thread-safe; guarded by its monitor, but that only one thread opens at a time.
 */
public final class Descriptors {
  private static final int NONE = -1;

  /** Flags that the direct descriptor takes over from the application's. */
  private static final int KEPT_FLAGS = Linux.O_SYNC;

  /** Flags that an anchor takes over which is no duplicate. */
  private static final int KEPT_BY_ANCHOR = Linux.O_SYNC | Linux.O_APPEND | Linux.O_ACCMODE;

  private final int given;
  private final int statusFlags;
  private final int directAccess;
  private final DescriptorBudget budget;
  private final OpenFiles files;
  private final FileNode node;
  private final Object opening = new Object();
  private volatile int direct = NONE;
  private volatile int anchor;
  private int users;
  private boolean closed;

  /** Whether the budget counts these. */
  private boolean budgeted;

  /** Closed for good, or left to {@link LateCloses}. */
  private boolean handedOver;

  /** Guarded by the monitor of {@link LateCloses}. */
  private Descriptors nextKept;

  /**
   * Wraps a given descriptor.
   *
   * @param givenIsOurs whether it is closed with the others
   * @param statusFlags as fcntl(F_GETFL) returns them
   * @param reads whether the direct one is for reading too
   * @param files whose budget bounds the descriptors opened beside the application's
   * @param node held for these descriptors, and released once they are closed
   */
  Descriptors(
      int given,
      boolean givenIsOurs,
      int statusFlags,
      boolean reads,
      OpenFiles files,
      FileNode node) {
    this.given = given;
    this.statusFlags = statusFlags;
    this.files = files;
    this.node = node;
    budget = files.runtime().descriptorBudget();
    directAccess = reads ? statusFlags & Linux.O_ACCMODE : Linux.O_WRONLY;
    anchor = givenIsOurs ? given : NONE;
  }

  /**
   * Opens a file once more, as an open file of its own: for reading, or if that is not allowed for
   * writing. May block.
   *
   * @return null if it cannot be opened, or the process would have too few descriptors left
   */
  public static Descriptors openApart(FileContext file) {
    OpenFiles files = file.files();
    DescriptorBudget budget = files.runtime().descriptorBudget();
    if (!budget.tryTake()) {
      return null;
    }
    Descriptors apart = null;
    try {
      apart = new Descriptors(NONE, false, Linux.O_RDONLY, false, files, file.node());
      apart.openAnchor("/proc/self/fd/" + file.descriptors().given());
      return apart.anchor == NONE ? null : apart;
    } finally {
      if (apart == null || apart.anchor == NONE) {
        budget.giveBack();
      } else {
        apart.budgeted = true;
        files.nodes().hold(file.node());
      }
    }
  }

  private void openAnchor(String path) {
    long fd = Linux.open(path, Linux.O_RDONLY | Linux.O_CLOEXEC, 0);
    if (fd == -Errno.EACCES) {
      fd = Linux.open(path, Linux.O_WRONLY | Linux.O_CLOEXEC, 0);
    }
    anchor = (int) Math.max(NONE, fd);
  }

  /** Closes descriptors of {@link #openApart}, or keeps them for as long as a lock needs them. */
  public void closeApart() {
    boolean unused = close(false);
  }

  public int given() {
    return given;
  }

  /**
   * A request begins to use them.
   *
   * @return false if they are closed
   */
  public synchronized boolean enter() {
    if (closed) {
      return false;
    }
    users++;
    return true;
  }

  /** A request, and all it left in flight, uses them no longer. */
  public synchronized void leave() {
    users--;
    if (users == 0) {
      notifyAll();
    }
    closeIfUnused(false);
  }

  /** Whether requests use them, or left something in flight that does. */
  public synchronized boolean areInUse() {
    return users > 0;
  }

  /** Waits until no request uses them, for a while; an interrupt ends the wait. */
  public synchronized void awaitUnused(long longestMillis) {
    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(longestMillis);
    for (long left; users > 0 && (left = until - System.nanoTime()) > 0; ) {
      if (Waits.onMonitor(this, left)) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  /** Whether the runtime has opened none. */
  public synchronized boolean areUnopened() {
    return anchor == NONE && direct == NONE;
  }

  /**
   * Admits no more requests; the descriptors are closed after the last one.
   *
   * @param withApplication whether the application is just closing its own
   * @return false if they had been closed before
   */
  synchronized boolean close(boolean withApplication) {
    if (closed) {
      return false;
    }
    closed = true;
    closeIfUnused(withApplication);
    return true;
  }

  /**
   * Makes sure of a descriptor of the runtime's. Does not block. The given descriptor cannot be
   * closed meanwhile, as this holds the monitor.
   *
   * @return false if the process can have no more descriptors, or too few would be left to the
   *     application, or the file is closed
   */
  public synchronized boolean anchor() {
    if (anchor == NONE && !closed && budget.tryTake()) {
      anchor = (int) Math.max(NONE, newAnchor());
      budgeted = anchor != NONE;
      if (!budgeted) {
        budget.giveBack();
      }
    }
    return anchor != NONE;
  }

  /**
   * Opens anew where the given one has O_DIRECT: a duplicate shares its flags, and buffered writes
   * need one without.
   */
  private long newAnchor() {
    return (statusFlags & Linux.O_DIRECT) == 0
        ? Linux.duplicate(given)
        : Linux.open("/proc/self/fd/" + given, (statusFlags & KEPT_BY_ANCHOR) | Linux.O_CLOEXEC, 0);
  }

  /** Returns the descriptor for direct I/O, or -1 if it is not open. Does not block. */
  public int directIfOpen() {
    return direct;
  }

  /** Whether {@link #direct} answers at once. */
  public boolean isDirectOpen() {
    return direct != NONE;
  }

  /**
   * The descriptor for direct I/O. Opens it if it is not open, which may block.
   *
   * @throws ErrnoException if it cannot be opened so
   */
  public int direct() throws ErrnoException {
    if (direct == NONE) {
      synchronized (opening) {
        if (direct == NONE) {
          int flags = directAccess | Linux.O_DIRECT | Linux.O_CLOEXEC | (statusFlags & KEPT_FLAGS);
          direct =
              (int) ErrnoException.check("open", Linux.open("/proc/self/fd/" + own(), flags, 0));
        }
      }
    }
    return direct;
  }

  /**
   * The descriptor for buffered writes. The given one where there can be no other: then only the
   * caller itself writes, and its own descriptor stays open for that long.
   */
  public synchronized int buffered() {
    return anchor != NONE ? anchor : given;
  }

  /**
   * The file's length, asked of the kernel.
   *
   * @throws ErrnoException if it does not answer
   */
  public long sizeBytes() throws ErrnoException {
    return FileStatus.of(buffered()).sizeBytes();
  }

  /**
   * The descriptor to wait for write-back on. The direct one where there is one: a write-back error
   * that it returns is still returned by the application's own fsync as well.
   */
  int forWriteBack() {
    return isDirectOpen() ? direct : buffered();
  }

  private synchronized int own() throws ErrnoException {
    if (anchor == NONE) {
      ErrnoException.check("dup, of which the runtime may do so many", -Errno.EMFILE);
    }
    return anchor;
  }

  private void closeIfUnused(boolean withApplication) {
    if (!closed || users > 0 || handedOver) {
      return;
    }
    handedOver = true;
    if (withApplication || (anchor == NONE && direct == NONE)) {
      closeOwn();
      files.nodes().release(node);
    } else if (node.lateCloses().closeOrKeep(this)) {
      files.nodes().release(node);
    } else {
      files.kept().added();
    }
  }

  // By LateCloses, once nothing uses them.

  /** Whether this process may have a lock on their file. */
  public boolean mayBeLocked() {
    try {
      return PosixLocks.mayBeHeld(direct != NONE ? direct : anchor, node.key().inode());
    } catch (RuntimeException | Error e) {
      return true; // Asked again later.
    }
  }

  /** Closes the descriptors now. */
  void closeOwn() {
    direct = closeOne(direct);
    if (budgeted) {
      budgeted = false;
      budget.giveBack();
    }
    anchor = closeOne(anchor);
  }

  /** The kept descriptors have been closed. */
  void ownAreClosed() {
    files.kept().removed();
    files.nodes().release(node);
  }

  Descriptors nextKept() {
    return nextKept;
  }

  void setNextKept(Descriptors next) {
    nextKept = next;
  }

  private static int closeOne(int fd) {
    if (fd != NONE) {
      Linux.close(fd);
    }
    return NONE;
  }
}
