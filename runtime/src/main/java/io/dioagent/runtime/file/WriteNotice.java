package io.dioagent.runtime.file;

import io.dioagent.runtime.api.Errno;
import io.dioagent.runtime.base.Defects;
import io.dioagent.runtime.linux.ModificationNotice;
import java.util.concurrent.TimeUnit;

/**
 * Tells the watchers of one open file (inotify(7), fanotify(7)) of writes of which the kernel tells
 * them nothing, as of those by AIO: once for all that have ended since the last time.
 *
 * <pre>
 * state      what happens                             next
 * NONE       a write ends                             DUE
 * DUE        a thread that may get stuck comes to it  RUNNING
 * RUNNING    a write ends                             AGAIN
 *            the kernel has told them                 NONE
 * AGAIN      the kernel has told them                 DUE
 * </pre>
 *
 * <p>Holds the file's descriptors but in NONE. Thread-safe; guarded by its monitor, which is not
 * held in a system call.
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
   * A write has ended that the kernel tells no watcher of. By a user of the descriptors; does not
   * block.
   */
  public void due(long offset) {
    lastOffset = offset;
    State seen = state;
    if (seen == State.DUE || seen == State.AGAIN) {
      return; // Whoever comes to it comes after this.
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

  /** If it is due, it will not be any more. */
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

  /** By a thread that may get stuck; one at a time does it. */
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
      tell();
    } catch (RuntimeException | Error e) {
      Defects.log(Defects.At.NOTICE, file.path(), e);
    } finally {
      all.ran();
      end();
    }
  }

  private void tell() {
    int fd = file.descriptors().forWriteBack();
    long result = mayNotSetTimes ? -Errno.EPERM : ModificationNotice.bySameTime(fd);
    if (result == -Errno.EPERM) {
      mayNotSetTimes = true;
      result = ModificationNotice.byAllocation(fd, lastOffset);
    }
    if (result < 0) {
      all.cannotTell(file.path(), (int) -result);
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

  /** How many times they have to be told, so that they know all that has ended by now. */
  private synchronized long target() {
    return state == State.DUE || state == State.AGAIN ? begun + 1 : begun;
  }

  private synchronized boolean isBefore(long target) {
    return ended < target && state != State.NONE;
  }

  /** The number of the time that is due and that nobody is at; -1 for none. */
  private synchronized long dueRound() {
    return state == State.DUE ? begun : -1;
  }

  /** Waits for the end, or for another time to be due. */
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
