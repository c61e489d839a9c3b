package io.dioagent.runtime.write;

import io.dioagent.runtime.api.InFlightRequest;
import io.dioagent.runtime.api.RequestInfo;
import io.dioagent.runtime.base.InFlightSource;
import io.dioagent.runtime.base.Origin;
import io.dioagent.runtime.base.Patience;
import io.dioagent.runtime.base.PreparedFailures;
import io.dioagent.runtime.device.Lane;
import io.dioagent.runtime.device.PooledMemory;
import io.dioagent.runtime.device.Worker;
import io.dioagent.runtime.file.Failures;
import io.dioagent.runtime.file.FileContext;
import io.dioagent.runtime.file.PageClaim;
import io.dioagent.runtime.file.Request;
import io.dioagent.runtime.memory.NativeBuffer;
import io.dioagent.runtime.plan.Parts;
import java.io.IOException;
import java.util.Collection;

/**
 * One write on a borrowed lane, by a thread that may wait for it, with or without a waiting caller.
 *
 * <p>Owned by one thread at a time; each hand-over is by a structure that publishes safely. A
 * thread that finds the deadline passed meets the owner in {@link #dio}.
 */
public abstract class BlockingWrite extends WriteRequest implements InFlightSource {
  private final Parts parts;
  private final DirectTransfer direct;
  private final WaitingTransfer waiting;

  /** Runs it to its end. */
  private final Worker worker;

  /**
   * A request, which {@link #enter} lets use the file's descriptors.
   *
   * @param lane and buffers are given back when it has ended, as is the claim
   * @param claim of its pages, which it holds
   * @param appendPosition where the descriptor appends, as pwritev2(2) takes it; unused unless the
   *     file is open for appending
   */
  protected BlockingWrite(
      Request request,
      Lane lane,
      NativeBuffer[] buffers,
      Parts parts,
      PageClaim claim,
      long appendPosition) {
    super(request, lane, new PooledMemory(request.file().device(), buffers), claim);
    this.parts = parts;
    direct = new DirectTransfer(request, lane, dio());
    waiting = new WaitingTransfer(request, lane, dio(), parts, claim, direct, appendPosition);
    worker = new Worker(file().device());
    lane.use(this);
  }

  /** Makes a request on a lane, with all that it needs besides. */
  public interface Making<T extends BlockingWrite> {
    T on(Lane lane) throws IOException;
  }

  /**
   * Makes a request once a lane is free.
   *
   * @throws IOException if there was none before the deadline, or it cannot be made
   */
  public static <T extends BlockingWrite> T begin(
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

  /**
   * Begins to use the file's descriptors: the last step of making a request, as a failure behind it
   * would have to end it.
   *
   * @throws IOException if the file is closed
   */
  public final void enter() throws IOException {
    if (!file().descriptors().enter()) {
      throw file().failures().closed();
    }
  }

  final Parts parts() {
    return parts;
  }

  final DirectTransfer direct() {
    return direct;
  }

  final boolean mayCollide() {
    return waiting.suspectCollision();
  }

  @Override
  protected final String waitingFor() {
    return direct.waitingFor();
  }

  @Override
  protected final long outcome(long dioResult) {
    return parts.outcome(dioResult);
  }

  @Override
  protected final long directBytes() {
    return parts.directBytes();
  }

  @Override
  protected final long bufferedBytes() {
    return parts.bufferedBytes();
  }

  @Override
  protected final int ios() {
    return direct.ios();
  }

  /** Once it has ended: why not all of it is in the file; null if it is. */
  public final IOException failure() {
    if (direct.thrown() != null) {
      return file().failures().asException(Failures.WRITE, direct.thrown());
    }
    RequestInfo info = request().info();
    if (result() == info.lengthBytes()) {
      return null;
    }
    if (direct.failure() != null) {
      return direct.failure();
    }
    long error = result() < 0 ? result() : parts.firstError();
    return error < 0
        ? file().failures().failed(info.offset(), info.lengthBytes(), (int) -error)
        : file().failures().incomplete(info.offset(), info.lengthBytes(), result());
  }

  @Override
  public final void addInFlight(Collection<InFlightRequest> all) {
    if (!isEnded()) {
      all.add(request().inFlight(Failures.WRITE, waitingFor()));
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
  final void endLeftBehind() {
    try {
      direct.takeRefusals();
    } finally {
      if (direct.inFlight() > 0) {
        direct.leaveInFlight(this, parts.handledBytes());
      } else {
        finish();
      }
    }
  }

  /** By the owner of a released write that no submitter thread ever took. */
  final void endUnstarted() {
    endUnstarted(parts.handledBytes());
  }

  /** By the owner, with nothing in flight: drops the submitter's count, which ends it. */
  final void finish() {
    finish(parts.handledBytes());
  }

  /** By the watchdog: reaps the I/Os that were left behind. */
  @Override
  public final boolean check() {
    lane().reap(direct.inFlight(), 0);
    boolean done = isEnded();
    if (done) {
      // Not before: a completion behind the last one in the batch is read on the lane, too.
      file().device().giveBack(lane());
    }
    return done;
  }

  @Override
  protected final void giveLaneBack() {
    direct.giveLaneBack();
  }

  @Override
  protected final void reportParts(long dioResult) {
    long error = dioResult < 0 ? dioResult : parts.firstError();
    if (error < 0) {
      request().reportFailed(error, whyFailed());
    }
    file().reportFallback(parts, request().info().requestId(), request().origin());
  }

  private String whyFailed() {
    try {
      if (direct.thrown() != null) {
        return direct.thrown().toString();
      }
    } catch (OutOfMemoryError e) {
      return "";
    }
    return whyFailed(direct.failure(), dio().transferredBytes());
  }
}
