package io.dioagent.runtime.file;

import io.dioagent.runtime.api.Errno;
import io.dioagent.runtime.base.Defects;
import io.dioagent.runtime.linux.ModificationNotice;
import java.util.concurrent.TimeUnit;

/**
 * Notifies the watchers of one open file (inotify(7), fanotify(7)) of writes that the kernel does
 * not notify them of, for instance by AIO: once for all writes ended since the last notice.
 *
 * <pre>
 * state      what happens                             next
 * NONE       a write ends                             DUE
 * DUE        a thread that may get stuck comes to it  RUNNING
 * RUNNING    a write ends                             AGAIN
 *            the kernel has notified them             NONE
 * AGAIN      the kernel has notified them             DUE
 * </pre>
 *
 * <p>Holds the file's descriptors in all states but NONE. Thread-safe; guarded by its monitor,
 * which is not held in a system call.
 */
public final class WriteNotice implements Runnable {
  private enum State {
    NONE,
    DUE,
    RUNNING,
    AGAIN
  }

  private final FileContext file;
  private final WriteNotices all;
  private volatile State state = State.NONE;
  private long begun;
  private long ended;

  /** Within what was written last: a guess where several threads write. */
  private volatile long lastOffset;

  /** Not the owner of the file. */
  private boolean mayNotSetTimes;

  WriteNotice(FileContext file) {
    this.file = file;
    all = file.files().notices(file.device());
  }

  /**
   * Called when a write has ended that the kernel notifies no watcher of. By a user of the
   * descriptors; does not block.
   */
  public void due(long offset) {
    lastOffset = offset;
    State seen = state;
    if (seen == State.DUE || seen == State.AGAIN) {
      return; // The thread that takes it comes after this.
    }
    boolean first = false;
    synchronized (this) {
      if (state == State.RUNNING) {
        state = State.AGAIN;
      } else if (state == State.NONE && file.descriptors().enter()) {
        state = State.DUE;
        first = true;
      }
    }
    if (first) {
      all.began();
      addToAll();
    }
  }

  private void addToAll() {
    try {
      all.add(this);
    } catch (RuntimeException | Error e) {
      drop(); // Without memory for it: the next write sees to it.
    }
  }

  /** Cancels it if it is due. */
  void giveUp() {
    if (state == State.DUE) {
      drop();
    }
  }

  private void drop() {
    synchronized (this) {
      if (state != State.DUE) {
        return;
      }
      state = State.NONE;
      notifyAll();
    }
    all.over();
    file.descriptors().leave();
  }

  /** Called by a thread that may get stuck; one at a time. */
  @Override
  public void run() {
    synchronized (this) {
      if (state != State.DUE) {
        return;
      }
      state = State.RUNNING;
      begun++;
    }
    all.runs();
    try {
      notifyWatchers();
    } catch (RuntimeException | Error e) {
      Defects.log(Defects.At.NOTICE, file.path(), e);
    } finally {
      all.ran();
      end();
    }
  }

  private void notifyWatchers() {
    int fd = file.descriptors().forWriteBack();
    long result = mayNotSetTimes ? -Errno.EPERM : ModificationNotice.bySameTime(fd);
    if (result == -Errno.EPERM) {
      mayNotSetTimes = true;
      result = ModificationNotice.byAllocation(fd, lastOffset);
    }
    if (result < 0) {
      all.reportUnnotified(file.path(), (int) -result);
    }
  }

  private void end() {
    boolean again;
    synchronized (this) {
      ended++;
      again = state == State.AGAIN;
      state = again ? State.DUE : State.NONE;
      notifyAll();
    }
    if (again) {
      addToAll();
    } else {
      all.over();
      file.descriptors().leave();
    }
  }

  /**
   * Sees to it that watchers know of all writes that have ended before, and waits for that; for a
   * bounded time, and not at all where another file of the device is stuck in it.
   */
  public void settle() {
    if (state != State.NONE && !all.areStuck()) {
      settle(System.nanoTime() + WriteNotices.LONGEST_NANOS);
    }
  }

  private void settle(long untilNanoTime) {
    long target = target();
    long asked = -1;
    boolean interrupted = false;
    while (isBefore(target) && untilNanoTime - System.nanoTime() > 0) {
      long round = dueRound();
      if (round != asked) {
        asked = round;
        all.runNow(this);
      }
      try {
        await(target, round, untilNanoTime);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Number of notices after which the watchers know of all writes ended by now. */
  private synchronized long target() {
    return state == State.DUE || state == State.AGAIN ? begun + 1 : begun;
  }

  private synchronized boolean isBefore(long target) {
    return ended < target && state != State.NONE;
  }

  /** The number of the notice that is due and not running; -1 for none. */
  private synchronized long dueRound() {
    return state == State.DUE ? begun : -1;
  }

  /** Waits for the end, or for another notice to be due. */
  private synchronized void await(long target, long round, long untilNanoTime)
      throws InterruptedException {
    for (long left;
        ended < target
            && state != State.NONE
            && (state != State.DUE || begun == round)
            && (left = untilNanoTime - System.nanoTime()) > 0; ) {
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
  }
}
