package io.dioagent.runtime.write;

import io.dioagent.runtime.api.DirectIoException;
import io.dioagent.runtime.api.Errno;
import io.dioagent.runtime.api.OnLost;
import io.dioagent.runtime.base.Defects;
import io.dioagent.runtime.base.PreparedFailures;
import io.dioagent.runtime.device.Lane;
import io.dioagent.runtime.device.RuntimeContext;
import io.dioagent.runtime.device.Watchdog;
import io.dioagent.runtime.dio.Dio;
import io.dioagent.runtime.dio.ShortLock;
import io.dioagent.runtime.file.FileContext;
import io.dioagent.runtime.file.PageClaim;
import io.dioagent.runtime.file.Request;
import io.dioagent.runtime.memory.WriteMemory;
import java.io.IOException;

/**
 * One write request of any kind: what it holds, its loss, and its one ending. What it holds is its
 * memory, its claim, and its place among the users of the file's descriptors.
 *
 * <p>The thread that drops the last count of the {@link Dio} ends it: reports, gives everything
 * back, and calls {@link #completed}. A thread that finds the deadline passed may release the
 * caller before; then the memory is quarantined until the end, which only reports and gives back.
 */
public abstract class WriteRequest extends Watchdog.LinkedWard implements Dio.Ending {
  private final Request request;
  private final FileContext file;
  private final Lane lane;
  private final WriteMemory memory;

  /** Null if its pieces have claims of their own. */
  private final PageClaim claim;

  private final Dio dio = new Dio(new ShortLock(), this);

  /** Of its event. */
  private Object token;

  /** No submitter thread ever took it, so it cannot end late. */
  private boolean neverStarted;

  private long result;

  /** Written last: a thread that reads it sees the result. */
  private volatile boolean ended;

  /**
   * A request. The file's descriptors are entered for it before anything is submitted.
   *
   * @param lane that its direct I/Os are queued on
   * @param memory given back when it has ended, as is the claim
   * @param claim of its pages, which it holds; null if its pieces have claims of their own
   */
  protected WriteRequest(Request request, Lane lane, WriteMemory memory, PageClaim claim) {
    this.request = request;
    file = request.file();
    this.lane = lane;
    this.memory = memory;
    this.claim = claim;
  }

  public final Request request() {
    return request;
  }

  public final FileContext file() {
    return file;
  }

  public final RuntimeContext runtime() {
    return file.runtime();
  }

  public final Lane lane() {
    return lane;
  }

  public final Dio dio() {
    return dio;
  }

  public final boolean isEnded() {
    return ended;
  }

  /** Once it has ended: bytes written, or a negative errno. */
  public final long result() {
    return result;
  }

  // What the kinds of writes differ in.

  /** Returns its last known obstacle. Any thread. */
  protected abstract String waitingFor();

  /** Returns the result: bytes up to the first missing one, or a negative errno. */
  protected abstract long outcome(long dioResult);

  /** Reports what happened to its parts, also if its caller was released before. */
  protected void reportParts(long dioResult) {}

  protected abstract long directBytes();

  protected abstract long bufferedBytes();

  protected abstract int ios();

  /** Gives the lane back, if it is borrowed and nothing uses it any more. */
  protected void giveLaneBack() {}

  /** Called when it has ended and its caller was not released before; once at most. */
  protected abstract void completed();

  // The event of the write.

  /** Begins its event. */
  protected final void begins(Object newToken) {
    token = newToken;
  }

  /** Counts and reports the write, once it has ended. */
  protected final void account() {
    file.meter().wrote(directBytes(), bufferedBytes());
    runtime().metrics().wrote(request.origin());
    runtime().wrote(token, request.info(), result, directBytes(), bufferedBytes(), ios());
  }

  /** The same, for a write that was given up. */
  protected final void accountLost(int ios) {
    runtime().metrics().wrote(request.origin());
    runtime().wrote(token, request.info(), -Errno.ETIMEDOUT, 0, 0, ios);
  }

  /** Leaves the event out: another operation reports the write. */
  protected final void abandon() {
    runtime().events().abandonWrite(token);
  }

  // Its loss.

  public final void reportLost(boolean pending) {
    request.reportLost("waiting for ", waitingFor(), pending);
  }

  /**
   * Reports it lost, and releases its caller.
   *
   * @param pending whether some of it may be inside the kernel, so that it ends late
   * @return false if the write has just ended after all
   */
  protected final boolean releaseCaller(boolean pending) {
    memory.quarantine();
    if (!dio.expire()) {
      memory.endQuarantine();
      return false;
    }
    reportLost(pending);
    return true;
  }

  /**
   * By a thread that finds it overdue: reports it lost, and releases its caller if the policy says
   * so, or in any case.
   *
   * @return whether the caller is released by this call
   */
  protected final boolean releaseByPolicy(boolean inAnyCase) {
    if (file.policy().onLost() != OnLost.FAIL && !inAnyCase) {
      reportLost(true);
      return false;
    }
    return releaseCaller(true);
  }

  /**
   * Returns the exception for a released caller. Never an Error: the write may be in flight, and an
   * Error says that it is not done.
   */
  protected final IOException lost() {
    String waitingFor = waitingFor();
    try {
      return file.failures().lost(request.info(), request.origin(), waitingFor);
    } catch (OutOfMemoryError e) {
      return PreparedFailures.lost(waitingFor);
    }
  }

  /**
   * Returns the text of its failure.
   *
   * @param failure null where the errno says all
   * @param bytes that were written
   */
  protected final String whyFailed(DirectIoException failure, long bytes) {
    return failure == null ? request.progress(bytes, " written") : failure.getMessage();
  }

  // Its end.

  /** By the submitter: drops its count, which ends the write if nothing is in flight. */
  protected final void finish(long handledBytes) {
    if (!dio.submitted(handledBytes)) {
      published(dio.result());
    }
  }

  /** By the owner of a released write that no submitter thread ever took. */
  protected final void endUnstarted(long handledBytes) {
    neverStarted = true;
    dio.submitted(handledBytes);
  }

  @Override
  public final void published(long dioResult) {
    result = outcome(dioResult);
    try {
      reportParts(dioResult);
      request.ended(result, true);
    } catch (RuntimeException | Error e) {
      Defects.log(Defects.At.REPORT, request.info(), e);
    }
    try {
      giveAllBack();
    } finally {
      ended = true;
      completed();
    }
  }

  @Override
  public final void drained(long dioResult) {
    try {
      if (!neverStarted) {
        reportParts(dioResult);
        request.endedReleased(dioResult);
      }
    } catch (RuntimeException | Error e) {
      Defects.log(Defects.At.REPORT, request.info(), e);
    }
    memory.endQuarantine();
    try {
      giveAllBack();
    } finally {
      ended = true;
    }
  }

  /** Gives everything back, and goes on whatever is thrown. */
  private void giveAllBack() {
    try {
      file.node().changed();
      if (claim != null) {
        file.node().claims().release(claim);
      }
      if (!lane.notifiesWatchers() && directBytes() > 0) {
        file.writeNotice().due(request.info().offset());
      }
    } finally {
      giveMemoryBack();
    }
  }

  private void giveMemoryBack() {
    try {
      memory.release();
    } finally {
      try {
        giveLaneBack();
      } finally {
        file.descriptors().leave();
      }
    }
  }

  /** By the watchdog, for a request whose I/Os were left behind. */
  @Override
  public boolean check() {
    return ended;
  }
}
