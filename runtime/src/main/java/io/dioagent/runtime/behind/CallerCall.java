package io.dioagent.runtime.behind;

import io.dioagent.runtime.api.InFlightRequest;
import io.dioagent.runtime.base.Origin;
import io.dioagent.runtime.base.Patience;
import io.dioagent.runtime.file.FileContext;
import io.dioagent.runtime.file.Request;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A place for one write that its caller makes itself. Reused, so that a write which does not hang
 * allocates nothing and reads no clock.
 *
 * <pre>
 * state     what happens                                       next
 * FREE      a caller takes it (CAS)                            TAKEN
 * TAKEN     the caller has filled in its write                 INSIDE
 * INSIDE    the watchdog sees the same write a second time     INSIDE, with a request, which may become lost
 *           the write has returned                             LEAVING
 * LEAVING   the caller has ended the request, if there is one  FREE, with another number
 * </pre>
 *
 * <p>The watchdog sets the request, and then looks whether the write is still INSIDE; the caller
 * sets LEAVING, and then looks for a request. So at least one of them sees the other's, and takes
 * the request under the monitor.
 */
final class CallerCall {
  private static final String OPERATION = "buffered write";

  /** In the lowest two bits; the others are a number, so that each use of the place differs. */
  private static final int FREE = 0;

  private static final int TAKEN = 1;
  private static final int INSIDE = 2;
  private static final int LEAVING = 3;
  private static final int MASK = 3;

  private static final VarHandle STATE = stateHandle();

  private volatile int state;

  // Written by the caller, never while it is INSIDE.

  private Thread caller;
  private FileContext file;
  private long offset;
  private long lengthBytes;

  /** Of the watchdog's thread: the use of the place that it saw in the last round. */
  private int seenState;

  /** Null unless the watchdog has seen the write twice. Set by the watchdog, taken under this. */
  private volatile Request request;

  private static VarHandle stateHandle() {
    try {
      return MethodHandles.lookup().findVarHandle(CallerCall.class, "state", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** Takes the place for the calling thread, unless another one has it. */
  boolean enter(FileContext newFile, long newOffset, long newLengthBytes) {
    int free = state;
    if ((free & MASK) != FREE || !STATE.compareAndSet(this, free, free + TAKEN)) {
      return false;
    }
    caller = Thread.currentThread();
    file = newFile;
    offset = newOffset;
    lengthBytes = newLengthBytes;
    state = free + INSIDE; // Volatile: the caller reads next whether the watchdog looks.
    return true;
  }

  /**
   * Gives the place back.
   *
   * @param result bytes, or a negative errno
   */
  void leave(long result) {
    int inside = state;
    state = inside + (LEAVING - INSIDE);
    try {
      if (request != null) {
        end(result);
      }
    } finally {
      caller = null;
      file = null;
      STATE.setRelease(this, inside + (MASK + 1 - INSIDE));
    }
  }

  private void end(long result) {
    Request lost = take();
    if (lost != null) {
      lost.ended(result, true);
    }
  }

  private synchronized Request take() {
    Request taken = request;
    request = null;
    return taken;
  }

  /** Whether no write has it. */
  boolean isFree() {
    return (state & MASK) == FREE;
  }

  private static boolean isInside(int state) {
    return (state & MASK) == INSIDE;
  }

  /**
   * Looks whether the write hangs. By the watchdog.
   *
   * @return whether there is a write
   */
  boolean check() {
    int now = state;
    if (!isInside(now)) {
      return false;
    }
    if (now != seenState) {
      seenState = now;
      return true;
    }
    Request watched = request;
    if (watched == null) {
      watch(now);
    } else if (watched.isSpentInRounds(() -> Patience.Cause.DEVICE)) {
      boolean unused = watched.reportLost(OPERATION, " has not returned", true);
    }
    return true;
  }

  private void watch(int seen) {
    FileContext seenFile = file;
    Thread seenCaller = caller;
    if (seenFile == null || seenCaller == null) {
      return; // The write has returned.
    }
    long now = System.nanoTime();
    Origin origin = new Origin(seenCaller, now, new Patience(now));
    request = Request.observed(seenFile, offset, lengthBytes, origin);
    if (state != seen) {
      Request unused = take(); // Nothing has been reported of it.
    }
  }

  /** Returns the write as a row of what is in flight; null if there is none that takes long. */
  InFlightRequest inFlight() {
    Request watched = request;
    return watched == null ? null : watched.inFlight(OPERATION, "the kernel");
  }
}
