package io.dioagent.runtime.dio;

import java.util.concurrent.locks.Lock;

/**
 * One direct write: the I/Os it was split into, and its one ending. Named and ruled after struct
 * dio in the kernel's fs/direct-io.c; the seeds (patches 000 to 003) are cited by number.
 *
 * <pre>
 * state      what happens                       next
 * NEW        queued                             QUEUED
 *            submitted                          RETURNED   the submitter has the result; nothing is published (001)
 *            expire / cancel                    OVERDUE / CANCELLED
 * QUEUED     queued, refused, ended, …          QUEUED     while the count is above 0
 *            the last count drops               ENDED      published once, by the dropper (000, 001, 002)
 *            expire                             OVERDUE    the caller is released with an error
 *            cancel                             CANCELLED  the canceller has the result; the queue gets nothing (002)
 * OVERDUE    queued                             OVERDUE    refused: nothing more may be issued
 * CANCELLED  the last count drops               DRAINED    buffers may go; delivered to no caller
 * RETURNED, ENDED, DRAINED: nothing may happen any more.
 * </pre>
 *
 * <p>The submitter holds one count from the start and drops it with {@link #submitted}; each I/O
 * holds one from {@link #queued} to {@link #ended} or {@link #refused}. The thread that drops the
 * last one publishes, after the lock is released. After its own drop no thread touches the request,
 * its buffers or its slot (001: bio_count stays at 1 until after dio_complete).
 *
 * <p>How far submission got, how much was transferred, and the first error are three fields (000).
 * An error that comes up after submission is pending until the last drop, and the first one
 * replaces the result (002: ki_pending_err).
 *
 * <p>Thread-safe: every field is guarded by the lock that the constructor is given.
 */
public final class Dio {
  /** See the table above. */
  public enum State {
    /** Only the submitter holds a count, and nothing has been queued. */
    NEW,
    /** Something was queued; a completion is owed. */
    QUEUED,
    /** Ended before anything was queued; the submitter returned the result itself. */
    RETURNED,
    /** Published. */
    ENDED,
    /** The deadline passed; the caller has its error, and I/Os may still be in flight. */
    OVERDUE,
    /** The canceller has the result, and I/Os may still be in flight. */
    CANCELLED,
    /** Overdue or cancelled, and nothing is in flight any more. */
    DRAINED;

    boolean isOver() {
      return this == RETURNED || this == ENDED || this == DRAINED;
    }

    boolean isReleased() {
      return this == OVERDUE || this == CANCELLED;
    }
  }

  /** Actions of the last drop. Called without the lock, at most once per request. */
  public interface Ending {
    /** The request ended; this is its one completion: bytes, or a negative errno. */
    void published(long result);

    /**
     * An overdue or cancelled request has nothing in flight any more; its caller was released
     * before.
     */
    void drained(long result);
  }

  private final Lock lock;
  private final Ending ending;

  private State state = State.NEW;

  /** The submitter's count, and one for each I/O in flight. */
  private int count = 1;

  private boolean submitterHolds = true;

  /** I/Os that the kernel accepted, in total. */
  private int accepted;

  private long handledBytes;
  private long transferredBytes;
  private int ioErrno;
  private int pendingErrno;

  /**
   * Makes a request that the calling thread submits.
   *
   * @param lock held for each step and never while the ending is called
   */
  public Dio(Lock lock, Ending ending) {
    this.lock = lock;
    this.ending = ending;
  }

  /**
   * An I/O is about to be handed to the kernel. Called by the submitter.
   *
   * @return false if the caller was released meanwhile: then it must not be handed over
   */
  public boolean queued() {
    lock.lock();
    try {
      check(submitterHolds, "queued without the submitter's count");
      if (state.isReleased()) {
        return false;
      }
      count++;
      accepted++;
      state = State.QUEUED;
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** The I/O {@link #queued} last was not accepted, and no completion will come for it. */
  public void refused() {
    lock.lock();
    try {
      check(submitterHolds && count > 1, "refused what was not queued");
      count--;
      accepted--;
      if (accepted == 0 && state == State.QUEUED) {
        state = State.NEW;
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * An I/O ended, by its completion. Called by the thread that reaped it.
   *
   * @param result bytes, or a negative errno
   */
  public void ended(long result) {
    boolean last;
    lock.lock();
    try {
      check(count > (submitterHolds ? 1 : 0), "ended without an I/O in flight");
      if (result < 0) {
        ioErrno = ioErrno == 0 ? (int) -result : ioErrno;
      } else {
        transferredBytes += result;
      }
      last = drop();
    } finally {
      lock.unlock();
    }
    if (last) {
      finish();
    }
  }

  /** Adds bytes that the submitter itself wrote through the page cache, as fallback. */
  public void buffered(long bytes) {
    lock.lock();
    try {
      check(submitterHolds, "buffered bytes without the submitter's count");
      transferredBytes += bytes;
    } finally {
      lock.unlock();
    }
  }

  /** Removes bytes that are about to be transferred again (laundered, 003). */
  public void again(long bytes) {
    lock.lock();
    try {
      check(submitterHolds && bytes <= transferredBytes, "again without a transfer");
      transferredBytes -= bytes;
    } finally {
      lock.unlock();
    }
  }

  /** Records an error that came up after submission. The first such error replaces any result. */
  public void pending(int errno) {
    lock.lock();
    try {
      check(submitterHolds, "pending error without the submitter's count");
      pendingErrno = pendingErrno == 0 ? errno : pendingErrno;
    } finally {
      lock.unlock();
    }
  }

  /**
   * The submitter has finished, and drops its count.
   *
   * @param handled how many bytes it got to, direct or buffered
   * @return true if the completion is or will be published (-EIOCBQUEUED), or the caller was
   *     released; false if nothing had been queued, so that the submitter has to return {@link
   *     #result}
   */
  public boolean submitted(long handled) {
    boolean last;
    boolean returned;
    lock.lock();
    try {
      check(submitterHolds, "submitted twice");
      submitterHolds = false;
      handledBytes = handled;
      returned = state == State.NEW;
      if (returned) {
        count--;
        check(count == 0, "nothing queued, and still in flight");
        state = State.RETURNED;
        last = false;
      } else {
        last = drop();
      }
    } finally {
      lock.unlock();
    }
    if (last) {
      finish();
    }
    return !returned;
  }

  /**
   * The deadline passed.
   *
   * @return true if that releases the caller; false if the request ended before
   */
  public boolean expire() {
    return release(State.OVERDUE);
  }

  /**
   * The caller wants no completion any more.
   *
   * @return true if none will be published; false if the request ended before
   */
  public boolean cancel() {
    return release(State.CANCELLED);
  }

  private boolean release(State released) {
    lock.lock();
    try {
      if (state != State.NEW && state != State.QUEUED) {
        return false;
      }
      state = released;
      return true;
    } finally {
      lock.unlock();
    }
  }

  /**
   * The caller holds the lock. Returns true if this was the last count: then the caller must
   * finish.
   */
  private boolean drop() {
    count--;
    check(count >= 0, "count below zero");
    if (count > 0) {
      return false;
    }
    check(!state.isOver(), "last count dropped twice");
    state = state.isReleased() ? State.DRAINED : State.ENDED;
    return true;
  }

  /** Called only by the last dropper, so the fields do not change any more. */
  private void finish() {
    long result = result();
    if (state() == State.ENDED) {
      ending.published(result);
    } else {
      ending.drained(result);
    }
  }

  /**
   * Returns the result that the completion carries: the error if there is one, otherwise the bytes
   * transferred.
   */
  public long result() {
    lock.lock();
    try {
      if (pendingErrno != 0) {
        return -pendingErrno;
      }
      return ioErrno != 0 ? -ioErrno : transferredBytes;
    } finally {
      lock.unlock();
    }
  }

  public State state() {
    lock.lock();
    try {
      return state;
    } finally {
      lock.unlock();
    }
  }

  /** Returns how far submission got, in bytes; 0 until {@link #submitted}. */
  public long handledBytes() {
    lock.lock();
    try {
      return handledBytes;
    } finally {
      lock.unlock();
    }
  }

  /** Returns how many bytes were transferred so far, regardless of errors. */
  public long transferredBytes() {
    lock.lock();
    try {
      return transferredBytes;
    } finally {
      lock.unlock();
    }
  }

  private void check(boolean holds, String whatIsWrong) {
    if (!holds) {
      throw new IllegalStateException(
          whatIsWrong + ": state " + state + ", count " + count + ", accepted " + accepted);
    }
  }
}
