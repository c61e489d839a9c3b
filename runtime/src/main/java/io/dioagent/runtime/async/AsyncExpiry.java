package io.dioagent.runtime.async;

import io.dioagent.runtime.api.DirectIoException;
import io.dioagent.runtime.api.OnLost;
import io.dioagent.runtime.base.Defects;
import io.dioagent.runtime.base.Patience;
import io.dioagent.runtime.base.PreparedFailures;
import io.dioagent.runtime.base.WaitingFor;
import io.dioagent.runtime.device.Worker;
import io.dioagent.runtime.engine.KernelThread;
import io.dioagent.runtime.file.FileContext;
import io.dioagent.runtime.file.Request;
import java.io.IOException;

/**
 * The deadline of an asynchronous write, which the watchdog looks at while the write waits or is on
 * the lane.
 *
 * <p>Used by the watchdog; the number of looks is volatile, and the request thread-safe.
 */
final class AsyncExpiry {
  private static final long NOT_SPENT = -1;

  private final AsyncWriter writer;
  private final AsyncWrite write;
  private final FileContext file;

  /** While it waits to be begun. */
  private final Patience.Why turn;

  /** The write as a whole: may be reported lost before it begins, and goes on. */
  private final Request request;

  /** {@link AsyncWriter#looks} when the deadline was found spent. Written by the watchdog. */
  private volatile long looksToWaitFor = NOT_SPENT;

  AsyncExpiry(AsyncWriter writer, AsyncWrite write) {
    this.writer = writer;
    this.write = write;
    file = write.file();
    long offset = file.reportedOffset(write.position());
    request = Request.of(0, file, offset, write.lengthBytes(), write.origin());
    turn = file.device().traffic().watch();
  }

  /** A segment goes on the lane: its deadline is not spent. */
  void beganOnLane() {
    looksToWaitFor = NOT_SPENT;
  }

  /** The write ends; reports that if it was reported lost before it began. */
  void ended(long bytes, IOException failure) {
    try {
      request.ended(failure == null ? bytes : -DirectIoException.errnoOf(failure), true);
    } catch (RuntimeException | Error e) {
      Defects.log(Defects.At.LATE_REPORT, file.path(), e);
    }
  }

  /** If its deadline has passed: ends it, or reports it lost. */
  void expire() {
    LaneWrite running;
    synchronized (write) {
      running = write.onLane();
      if (running == null && !write.isWaiting()) {
        return; // A thread writes it, which looks at the deadline itself.
      }
    }
    if (!request.isSpentInRounds(this::whyOut)) {
      return;
    }
    if (running != null) {
      if (hasAskedOnceMore()) {
        running.expire();
      }
    } else {
      expireWaiting(file.policy().onLost() == OnLost.FAIL);
    }
  }

  /** Returns the cause of its wait. */
  private Patience.Cause whyOut() {
    LaneWrite running = write.onLane();
    if (running != null) {
      return writer.whyOnLane(running.isSubmitted());
    }
    KernelThread thread = write.work().settler();
    if (thread != null) {
      return Worker.causeOf(thread);
    }
    return turn.cause();
  }

  /** Whether the reaper has looked at the lane since the deadline was found spent. */
  private boolean hasAskedOnceMore() {
    if (looksToWaitFor == NOT_SPENT) {
      looksToWaitFor = writer.reaping().looks();
      writer.reaping().wake();
    }
    return writer.reaping().hasLookedSince(looksToWaitFor);
  }

  private void expireWaiting(boolean fails) {
    Request range = write.work().suspect();
    if (range != null) {
      if (range.reportLost("waiting for ", WaitingFor.WRITE_BACK, true) && fails) {
        write.endIfWaiting(notWrittenBack(range));
      }
      return;
    }
    String why = writer.whyWaiting(write);
    if (!fails) {
      boolean unused = request.reportLost("not yet started: ", why, true);
    } else if (write.begin()) {
      write.end(0, notStarted(why));
    }
  }

  private IOException notWrittenBack(Request range) {
    try {
      return file.failures().lost(range.info(), range.origin(), WaitingFor.WRITE_BACK);
    } catch (OutOfMemoryError e) {
      return PreparedFailures.outOfMemory();
    }
  }

  private IOException notStarted(String why) {
    try {
      return file.deadline().notStarted(write.position(), write.lengthBytes(), write.origin(), why);
    } catch (OutOfMemoryError e) {
      return PreparedFailures.outOfMemory();
    }
  }
}
