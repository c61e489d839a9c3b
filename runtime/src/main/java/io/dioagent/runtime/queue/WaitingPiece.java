package io.dioagent.runtime.queue;

import io.dioagent.runtime.api.Errno;
import io.dioagent.runtime.base.Defects;
import io.dioagent.runtime.base.Limit;
import io.dioagent.runtime.base.Patience;
import io.dioagent.runtime.base.PreparedFailures;
import io.dioagent.runtime.device.Lane;
import io.dioagent.runtime.device.Watchdog;
import io.dioagent.runtime.device.Worker;
import io.dioagent.runtime.dio.Dio;
import io.dioagent.runtime.dio.ShortLock;
import io.dioagent.runtime.file.FileContext;
import io.dioagent.runtime.file.PageClaim;
import io.dioagent.runtime.file.Request;
import io.dioagent.runtime.plan.Parts;
import io.dioagent.runtime.plan.WritePlan;
import io.dioagent.runtime.write.DirectTransfer;
import io.dioagent.runtime.write.WaitingTransfer;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A piece of a queued write that has to wait inside the kernel, or cannot go direct after all.
 * Written by a submitter thread, or otherwise by the queue's, out of the queue's own buffer; the
 * queue's thread takes the result.
 *
 * <p>Owned by the submitter thread from its start until it is posted. Any thread may {@link
 * #release} it.
 */
final class WaitingPiece extends Watchdog.LinkedWard implements Runnable, Dio.Ending {
  /** Interval at which a wait checks that the caller is still there. */
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  private static final String NO_DESCRIPTOR =
      "no direct descriptor: the process can have no more descriptors";

  private final QueuedWrite write;
  private final Request piece;
  private final FileContext file;
  private final long address;
  private final int doneBeforeBytes;
  private final Dio dio = new Dio(new ShortLock(), this);
  private PageClaim claim;
  private final Worker worker;

  /** Made before a heap can be full. */
  private final Runnable asTask = this::runAll;

  private Lane lane;
  private Parts parts;
  private DirectTransfer direct;
  private long result;

  /** Next in the queue's list of waiting pieces, and then of posted ones. */
  private WaitingPiece next;

  /** Written last: a thread that reads it sees the rest. */
  private volatile boolean ended;

  /**
   * A piece.
   *
   * @param piece the queued write's id, and the piece's range
   * @param address of its first byte
   * @param doneBeforeBytes bytes that an I/O of the queue wrote right before it
   */
  WaitingPiece(QueuedWrite write, Request piece, long address, int doneBeforeBytes) {
    this.write = write;
    this.piece = piece;
    file = piece.file();
    this.address = address;
    this.doneBeforeBytes = doneBeforeBytes;
    worker = new Worker(file.device());
  }

  /**
   * Starts it. Where the process can have no more descriptors, the queue's own thread writes by the
   * given one, as the caller of a synchronous write does, and may get stuck.
   *
   * @param byQueue whether the queue's thread calls, and not the watchdog
   * @return false if it is to be tried again: no thread was free, or the watchdog may not write
   */
  boolean start(boolean byQueue) {
    try {
      return file.descriptors().anchor()
          ? file.device().execute(this, Limit.NOW)
          : byQueue && writtenHere();
    } catch (OutOfMemoryError e) {
      return false; // It has not been started.
    }
  }

  WaitingPiece next() {
    return next;
  }

  void setNext(WaitingPiece piece) {
    next = piece;
  }

  /** False if it would have to wait for requests that this thread may have to end. */
  private boolean writtenHere() {
    lane = file.device().borrowLane(Limit.NOW);
    if (lane == null) {
      return false;
    }
    boolean claimed = false;
    List<WritePlan.Part> plan;
    Runnable step;
    try {
      plan = plan(NO_DESCRIPTOR);
      claim = PageClaim.of(file, plan);
      step = () -> write(plan);
      claimed = file.node().claims().tryClaim(claim);
    } finally {
      if (!claimed) {
        file.device().giveBack(lane);
        lane = null;
      }
    }
    if (claimed) {
      orEnd(step);
    }
    return claimed;
  }

  /** The queued write's caller goes: nothing more may be issued. */
  void release() {
    boolean unused = dio.expire();
  }

  /** Returns the cause of its wait. Any thread. */
  Patience.Cause whyOut() {
    return worker.why();
  }

  @Override
  public void run() {
    orEnd(asTask);
  }

  private void runAll() {
    worker.begins();
    claimAndWrite();
  }

  private void orEnd(Runnable step) {
    Throwable failure = PreparedFailures.outOfMemoryError();
    boolean done = false;
    try {
      step.run();
      done = true;
    } catch (RuntimeException | Error e) {
      failure = e;
    } finally { // Without heap even the search for that handler may throw.
      if (!done) {
        endFailed(failure);
      }
    }
  }

  /** Records a failure in this process: the queue's thread gets an error, not silence. */
  private void endFailed(Throwable e) {
    try {
      endUnlessEnded(e);
    } finally {
      Defects.log(Defects.At.WRITE, piece.info(), e);
    }
  }

  private void endUnlessEnded(Throwable e) {
    if (ended) {
      return;
    }
    if (direct != null) {
      direct.dropUnsubmitted();
    }
    if (direct != null && direct.inFlight() > 0) {
      dio.pending(Defects.errno(e));
      direct.leaveInFlight(this, parts.handledBytes());
      return;
    }
    if (lane != null) {
      file.device().giveBack(lane);
    }
    end(-Defects.errno(e));
  }

  private void claimAndWrite() {
    lane = borrowLane();
    if (lane == null) {
      end(-Errno.ETIMEDOUT);
      return;
    }
    List<WritePlan.Part> plan = plan(file.ability().whyBuffered(lane));
    claim = PageClaim.of(file, plan);
    if (!file.node().claims().claim(claim, () -> dio.state() != Dio.State.OVERDUE)) {
      file.device().giveBack(lane);
      lane = null;
      end(-Errno.ETIMEDOUT);
      return;
    }
    write(plan);
  }

  private List<WritePlan.Part> plan(String whyBuffered) {
    int align = file.alignBytes();
    int pieceBytes = Math.max(file.runtime().pieceBytes(), align);
    return WritePlan.cut(
        piece.info().offset(), piece.info().lengthBytes(), align, pieceBytes, whyBuffered);
  }

  private void write(List<WritePlan.Part> plan) {
    long offset = piece.info().offset();
    parts = new Parts(plan, offset, address);
    direct = new DirectTransfer(piece, lane, dio);
    try {
      file.failures().refuseIfForbidden(plan);
      new WaitingTransfer(piece, lane, dio, parts, claim, direct, offset).run();
    } catch (IOException e) {
      dio.pending(Errno.EINVAL);
    }
    direct.dropUnsubmitted();
    if (direct.inFlight() > 0) {
      // Its caller is gone, or a defect was on the way: it is posted when the last I/O has ended.
      direct.leaveInFlight(this, parts.handledBytes());
    } else if (!dio.submitted(parts.handledBytes())) {
      endWritten(dio.result());
    }
  }

  /** Null if the caller was released before there was one. */
  private Lane borrowLane() {
    Lane borrowed = null;
    while (borrowed == null && dio.state() != Dio.State.OVERDUE) {
      borrowed = file.device().borrowLane(Limit.until(System.nanoTime() + LOOK_NANOS));
    }
    return borrowed;
  }

  @Override
  public boolean check() {
    lane.reap(direct.inFlight(), 0);
    if (ended) {
      file.device().giveBack(lane);
    }
    return ended;
  }

  @Override
  public void published(long dioResult) {
    endWritten(dioResult);
  }

  @Override
  public void drained(long dioResult) {
    endWritten(dioResult);
  }

  private void endWritten(long dioResult) {
    try {
      file.reportFallback(parts, piece.info().requestId(), piece.origin());
    } catch (RuntimeException | Error e) {
      Defects.log(Defects.At.REPORT, piece.info(), e);
    }
    direct.giveLaneBack();
    end(parts.outcome(dioResult));
  }

  private void end(long endResult) {
    if (claim != null) {
      file.node().claims().release(claim);
    }
    result = endResult;
    ended = true;
    write.post(this);
  }

  // By the queue's thread, once it is posted.

  QueuedWrite write() {
    return write;
  }

  /** Bytes, with those before it, or a negative errno. */
  long result() {
    return result < 0 ? result : doneBeforeBytes + result;
  }

  long directBytes() {
    return parts == null ? 0 : parts.directBytes();
  }

  long bufferedBytes() {
    return parts == null ? 0 : parts.bufferedBytes();
  }

  int ios() {
    return direct == null ? 0 : direct.ios();
  }
}
