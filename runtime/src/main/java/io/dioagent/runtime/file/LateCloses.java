package io.dioagent.runtime.file;

/**
 * Closes descriptors of the runtime that outlive the application's own, once that takes no lock
 * from the application: closing any descriptor of a file drops all of the process's POSIX locks on
 * it (fcntl(2)), also those taken by another descriptor since.
 *
 * <pre>
 * no lock call is under way, and no lock is held    closed at once
 * otherwise                                         kept, until
 *   the application closes a descriptor of the file   which drops the locks anyway
 *   or the locks are gone                             seen by the watchdog
 * </pre>
 *
 * <p>Thread-safe; guarded by its monitor, in which descriptors are closed. So a lock call, which
 * begins under it, comes after such a close or keeps it from happening. A holder of the monitor of
 * {@link Descriptors} may take this one, not the other way round.
 */
public final class LateCloses {
  /** The kept descriptors, linked by {@link Descriptors#nextKept}: keeping allocates nothing. */
  private Descriptors kept;

  private int lockCalls;

  /** The application is about to ask for a lock. */
  public synchronized void lockCallBegins() {
    lockCalls++;
  }

  /** The application has its lock, or does not get it. */
  public synchronized void lockCallEnds() {
    lockCalls--;
  }

  /**
   * Closes descriptors, or keeps them.
   *
   * @return false if they are kept
   */
  synchronized boolean closeOrKeep(Descriptors late) {
    if (mayClose(late)) {
      late.closeOwn();
      return true;
    }
    late.setNextKept(kept);
    kept = late;
    return false;
  }

  /** By an application thread that is about to close a descriptor of the file. */
  public void closeAll() {
    Descriptors all;
    synchronized (this) {
      all = takeAll();
    }
    reportClosed(all);
  }

  /** Closes the kept descriptors if that takes no lock from the application by now. */
  void closeUnlocked() {
    Descriptors all = null;
    synchronized (this) {
      if (kept != null && mayClose(kept)) {
        all = takeAll();
      }
    }
    reportClosed(all);
  }

  private boolean mayClose(Descriptors late) {
    return lockCalls == 0 && !late.mayBeLocked();
  }

  private Descriptors takeAll() {
    Descriptors all = kept;
    kept = null;
    for (Descriptors next = all; next != null; next = next.nextKept()) {
      next.closeOwn();
    }
    return all;
  }

  /** Outside the monitor: the node's keeper has a lock of its own. */
  private static void reportClosed(Descriptors all) {
    for (Descriptors next = all; next != null; next = next.nextKept()) {
      next.ownAreClosed();
    }
  }
}
