package io.dioagent.runtime;

import io.dioagent.runtime.linux.ErrnoException;
import io.dioagent.runtime.linux.Linux;

/**
 * The descriptors of one file. All I/O goes through descriptors of our own, made when they are
 * first needed: the application may close its own, and the number may come to mean another file,
 * while a lost write of ours is still inside the kernel.
 *
 * <p>Ours are closed with the application's, never before, and never while a request uses them:
 * closing any descriptor of a file drops all of the process's POSIX locks on it (fcntl(2)).
 *
 * <p>Thread-safe; guarded by its monitor.
 */
final class Descriptors {
  private static final int NONE = -1;

  /** What of the application's flags a second descriptor must have too. */
  private static final int KEPT_FLAGS = Linux.O_SYNC;

  private final int given;
  private final boolean givenIsOurs;
  private final int statusFlags;
  private int direct = NONE;
  private int duplicate = NONE;
  private int users;
  private boolean closed;

  /**
   * Around a descriptor that is given.
   *
   * @param givenIsOurs whether it is closed with the others
   * @param statusFlags as fcntl(F_GETFL) tells
   */
  Descriptors(int given, boolean givenIsOurs, int statusFlags) {
    this.given = given;
    this.givenIsOurs = givenIsOurs;
    this.statusFlags = statusFlags;
  }

  int given() {
    return given;
  }

  /**
   * A request begins to use them.
   *
   * @return false if they are closed
   */
  synchronized boolean enter() {
    if (closed) {
      return false;
    }
    users++;
    return true;
  }

  /** A request, and all it left in flight, uses them no longer. */
  synchronized void leave() {
    users--;
    closeIfUnused();
  }

  /**
   * No more requests; the descriptors go with the last one there is.
   *
   * @return false if they had been closed before
   */
  synchronized boolean close() {
    if (closed) {
      return false;
    }
    closed = true;
    closeIfUnused();
    return true;
  }

  /**
   * The descriptor for direct I/O: the same open file, by its descriptor, so that it may have been
   * renamed or deleted.
   *
   * @throws ErrnoException if it cannot be opened so
   */
  synchronized int direct() throws ErrnoException {
    if (direct == NONE) {
      checkOpen();
      int flags = Linux.O_WRONLY | Linux.O_DIRECT | Linux.O_CLOEXEC | (statusFlags & KEPT_FLAGS);
      direct = (int) ErrnoException.check("open", Linux.open("/proc/self/fd/" + given, flags, 0));
    }
    return direct;
  }

  /**
   * The descriptor for buffered writes: the application's open file description, with its flags. By
   * the application's own number where there can be no more descriptors: the JDK does not close it
   * while a write through it has not returned.
   *
   * @throws ErrnoException if it is closed
   */
  synchronized int buffered() throws ErrnoException {
    if (givenIsOurs) {
      return given;
    }
    if (duplicate == NONE) {
      checkOpen();
      long made = Linux.duplicate(given);
      if (made < 0) {
        return given;
      }
      duplicate = (int) made;
    }
    return duplicate;
  }

  /**
   * The descriptor to wait for write-back on. The direct one where there is one: a write-back error
   * that it learns of stays to be told to the application's own fsync as well.
   */
  synchronized int forWriteBack() throws ErrnoException {
    return direct != NONE ? direct : buffered();
  }

  /** The given number may mean another file by now. */
  private void checkOpen() throws ErrnoException {
    if (closed) {
      ErrnoException.check("use of a closed file", -Errno.EBADF);
    }
  }

  private void closeIfUnused() {
    if (!closed || users > 0) {
      return;
    }
    direct = closeOne(direct);
    duplicate = closeOne(duplicate);
    if (givenIsOurs) {
      closeOne(given);
    }
  }

  private static int closeOne(int fd) {
    if (fd != NONE) {
      Linux.close(fd);
    }
    return NONE;
  }
}
