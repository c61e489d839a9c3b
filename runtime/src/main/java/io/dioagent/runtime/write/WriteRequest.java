package io.dioagent.runtime.write;

import io.dioagent.runtime.api.InFlightRequest;
import io.dioagent.runtime.api.RequestInfo;
import io.dioagent.runtime.base.Defects;
import io.dioagent.runtime.base.InFlightSource;
import io.dioagent.runtime.base.Origin;
import io.dioagent.runtime.base.Patience;
import io.dioagent.runtime.base.PreparedFailures;
import io.dioagent.runtime.device.Lane;
import io.dioagent.runtime.device.LostMark;
import io.dioagent.runtime.device.RuntimeContext;
import io.dioagent.runtime.device.Watchdog;
import io.dioagent.runtime.device.Worker;
import io.dioagent.runtime.dio.Dio;
import io.dioagent.runtime.dio.ShortLock;
import io.dioagent.runtime.file.Failures;
import io.dioagent.runtime.file.FileContext;
import io.dioagent.runtime.file.PageClaim;
import io.dioagent.runtime.memory.NativeBuffer;
import io.dioagent.runtime.plan.Parts;
import java.io.IOException;
import java.util.Collection;

/**
 * One write on a lane of its own, with or without a waiting caller: its parts, and its one ending.
 *
 * <p>Owned by one thread at a time; each hand-over is by a structure that publishes safely. A
 * thread that finds the deadline passed meets the owner in {@link Dio}.
 */
public abstract class WriteRequest extends Watchdog.Request implements Dio.Ending, InFlightSource {
  private final FileContext file;
  private final RuntimeContext runtime;
  private final Lane lane;
  private final RequestInfo request;
  private final NativeBuffer[] buffers;
  private final Parts parts;
  private final PageClaim claim;
  private final DirectTransfer direct;
  private final WaitingTransfer waiting;
  private final Dio dio = new Dio(new ShortLock(), this);
  private final Origin origin;
  private final LostMark lostMark = new LostMark();

  /** Runs it to its end. */
  private final Worker worker;

  /** No submitter thread ever took it, so it cannot end late. */
  private boolean neverStarted;

  private long result;

  /** Written last: a thread that reads it sees the result. */
  private volatile boolean ended;

  /**
   * A request, which {@link #enter} lets use the file's descriptors.
   *
   * @param lane and buffers are given back when it has ended, as is the claim
   * @param claim of its pages, which it holds
   * @param appendPosition where the descriptor appends, as pwritev2(2) takes it; unused unless the
   *     file is open for appending
   */
  public WriteRequest(
      FileContext file,
      Lane lane,
      RequestInfo request,
      NativeBuffer[] buffers,
      Parts parts,
      PageClaim claim,
      long appendPosition,
      Origin origin) {
    this.file = file;
    runtime = file.runtime();
    this.lane = lane;
    this.request = request;
    this.buffers = buffers;
    this.parts = parts;
    this.claim = claim;
    this.origin = origin;
    direct = new DirectTransfer(file, lane, dio, request, origin);
    waiting = new WaitingTransfer(file, lane, dio, request, parts, claim, direct, appendPosition);
    worker = new Worker(file.device());
    lane.use(this);
  }

  /** Makes a request on a lane, with all that it needs besides. */
  public interface Making<T extends WriteRequest> {
    T on(Lane lane) throws IOException;
  }

  /**
   * Makes a request once a lane is free.
   *
   * @throws IOException if there was none before the deadline, or it cannot be made
   */
  public static <T extends WriteRequest> T begin(
      FileContext file, long position, long lengthBytes, Origin origin, Making<T> making)
      throws IOException {
    Lane lane =
        file.deadline()
            .waitFor(
                position, lengthBytes, origin, file.device()::borrowLane, () -> "no lane was free");
    T made = null;
    try {
      made = making.on(lane);
      return made;
    } finally {
      if (made == null) {
        file.device().giveBack(lane);
      }
    }
  }

  /** The request's name in events. */
  public static RequestInfo name(FileContext file, Lane lane, long position, long lengthBytes) {
    return new RequestInfo(
        lane.nextRequestId(), file.path(), file.reportedOffset(position), lengthBytes);
  }

  /**
   * Begins to use the file's descriptors: the last step of making a request, as a failure behind it
   * would have to end it.
   *
   * @throws IOException if the file is closed
   */
  public final void enter() throws IOException {
    if (!file.descriptors().enter()) {
      throw file.failures().closed();
    }
  }

  public final FileContext file() {
    return file;
  }

  public final RuntimeContext runtime() {
    return runtime;
  }

  public final Lane lane() {
    return lane;
  }

  public final RequestInfo request() {
    return request;
  }

  public final Parts parts() {
    return parts;
  }

  public final DirectTransfer direct() {
    return direct;
  }

  public final Dio dio() {
    return dio;
  }

  public final boolean mayCollide() {
    return waiting.suspectCollision();
  }

  public final boolean isEnded() {
    return ended;
  }

  /** Once it has ended: bytes written, or a negative errno. */
  public final long result() {
    return result;
  }

  public final Origin origin() {
    return origin;
  }

  public final long deadlineNanos() {
    return file.policy().deadline().toNanos();
  }

  /** Once it has ended: why not all of it is in the file; null if it is. */
  public final IOException failure() {
    if (direct.thrown() != null) {
      return file.failures().asException(Failures.WRITE, direct.thrown());
    }
    if (result == request.lengthBytes()) {
      return null;
    }
    if (direct.failure() != null) {
      return direct.failure();
    }
    long error = result < 0 ? result : parts.firstError();
    return error < 0
        ? file.failures().failed(request.offset(), request.lengthBytes(), (int) -error)
        : file.failures().incomplete(request.offset(), request.lengthBytes(), result);
  }

  @Override
  public final void addInFlight(Collection<InFlightRequest> all) {
    if (!ended) {
      all.add(file.inFlight(Failures.WRITE, request, origin, direct.waitingFor()));
    }
  }

  /**
   * Releases the caller. Null if the write has just ended after all. Never an Error: the write may
   * be in flight, and an Error says that it is not done.
   *
   * @param pending whether some of it may be inside the kernel, so that it ends late
   */
  public final IOException release(boolean pending) {
    runtime.buffers().quarantine(buffers);
    if (!dio.expire()) {
      runtime.buffers().endQuarantine(buffers);
      return null;
    }
    reportLost(pending);
    try {
      return file.failures().lost(request, origin, direct.waitingFor());
    } catch (OutOfMemoryError e) {
      return PreparedFailures.lost(direct.waitingFor());
    }
  }

  public final void reportLost(boolean pending) {
    if (lostMark.set()) {
      String reason = Defects.text("waiting for ", direct.waitingFor());
      runtime.lost(request, origin, deadlineNanos(), reason, pending);
    }
  }

  /**
   * Returns the cause of its wait while another thread runs it to its end, or is to. Any thread.
   */
  public final Patience.Cause whyOnThread() {
    Patience.Cause cause = worker.why();
    return cause == Patience.Cause.DEVICE && worker.hasBegun() ? direct.whyInFlight() : cause;
  }

  /** By a thread that may get stuck: writes the rest, waiting wherever the kernel makes it wait. */
  public final void runToTheEnd() {
    boolean ran = false;
    try {
      worker.begins();
      waiting.run();
      ran = true;
    } finally { // No handler: with a full heap, looking for one may throw as well.
      if (!ran) {
        direct.threw(PreparedFailures.outOfMemoryError());
      }
      endOnThread();
    }
  }

  private void endOnThread() {
    try {
      direct.dropUnsubmitted();
    } finally {
      // Something is in flight only after the caller was released, or after a defect.
      endLeftBehind();
    }
  }

  /** By a submitter thread, to which the caller has left the write while it submitted. */
  public final void endLeftBehind() {
    try {
      direct.takeRefusals();
    } finally {
      if (direct.inFlight() > 0) {
        leaveInFlight();
      } else {
        finish();
      }
    }
  }

  /** By the owner, which goes: the watchdog takes over. */
  public final void leaveInFlight() {
    direct.orphan();
    dio.submitted(parts.handledBytes());
    runtime.watchdog().addRequest(this);
  }

  /** By the owner of a released write that no submitter thread ever took. */
  public final void endUnstarted() {
    neverStarted = true;
    dio.submitted(parts.handledBytes());
  }

  /** By the watchdog: reaps the I/Os that were left behind. */
  @Override
  public final boolean check() {
    direct.reap(0);
    if (ended) {
      // Not before: a completion behind the last one in the batch is read on the lane, too.
      file.device().giveBack(lane);
    }
    return ended;
  }

  /** By the owner, with nothing in flight: drops the submitter's count, which ends it. */
  public final void finish() {
    if (!dio.submitted(parts.handledBytes())) {
      published(dio.result());
    }
  }

  /** Called when it has ended and its caller was not released before; once at most. */
  protected abstract void endedInTime();

  @Override
  public final void published(long dioResult) {
    result = parts.outcome(dioResult);
    try {
      reportParts(dioResult);
      if (lostMark.end()) {
        runtime.late(request, origin, result, true);
      }
    } catch (RuntimeException | Error e) {
      Defects.log(Defects.At.REPORT, request, e);
    }
    try {
      giveAllBack();
    } finally {
      ended = true;
      endedInTime();
    }
  }

  @Override
  public final void drained(long dioResult) {
    try {
      if (!neverStarted) {
        reportParts(dioResult);
        runtime.late(request, origin, dioResult, false);
      }
    } catch (RuntimeException | Error e) {
      Defects.log(Defects.At.REPORT, request, e);
    }
    runtime.buffers().endQuarantine(buffers);
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
      file.node().claims().release(claim);
      if (!lane.notifiesWatchers() && parts.directBytes() > 0) {
        file.writeNotice().due(parts.get(0).offset());
      }
    } finally {
      giveMemoryBack();
    }
  }

  private void giveMemoryBack() {
    try {
      file.device().release(buffers);
    } finally {
      try {
        if (!direct.isOrphaned()) {
          file.device().giveBack(lane);
        }
      } finally {
        file.descriptors().leave();
      }
    }
  }

  private void reportParts(long dioResult) {
    long error = dioResult < 0 ? dioResult : parts.firstError();
    if (error < 0) {
      runtime.failed(request, origin, error, whyFailed());
    }
    file.reportFallback(parts, request.requestId(), origin);
  }

  private String whyFailed() {
    try {
      if (direct.thrown() != null) {
        return direct.thrown().toString();
      }
      return direct.failure() != null
          ? direct.failure().getMessage()
          : dio.transferredBytes() + " of " + request.lengthBytes() + " written";
    } catch (OutOfMemoryError e) {
      return "";
    }
  }
}
