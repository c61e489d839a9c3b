package io.dioagent.runtime.queue;

import io.dioagent.runtime.api.Errno;
import io.dioagent.runtime.api.InFlightRequest;
import io.dioagent.runtime.api.OnLost;
import io.dioagent.runtime.api.RequestInfo;
import io.dioagent.runtime.base.Origin;
import io.dioagent.runtime.base.Patience;
import io.dioagent.runtime.device.Io;
import io.dioagent.runtime.device.Lane;
import io.dioagent.runtime.device.LostMark;
import io.dioagent.runtime.dio.Dio;
import io.dioagent.runtime.dio.ShortLock;
import io.dioagent.runtime.file.Failures;
import io.dioagent.runtime.file.FileContext;
import io.dioagent.runtime.file.PageClaim;
import io.dioagent.runtime.file.PageClaims;
import io.dioagent.runtime.file.PieceOutcome;
import io.dioagent.runtime.linux.Linux;
import io.dioagent.runtime.memory.AlignedMemory;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One write on a {@link LaneQueue}. Its I/Os are submitted and reaped by the queue's thread; a
 * piece that would have to wait inside io_submit, or cannot go direct after all, is written by a
 * submitter thread, which posts the result back.
 */
public final class QueuedWrite implements Dio.Ending {
  private final LaneQueue queue;
  private final FileContext file;
  private final AlignedMemory buffer;
  private final RequestInfo request;
  private final long userData;
  private Object token;
  private final Dio dio = new Dio(new ShortLock(), this);
  private final Origin origin = Origin.here(System.nanoTime());
  private int ios;
  private final LostMark lostMark = new LostMark();
  private boolean notifiesWatchers;
  private long directBytes;
  private long bufferedBytes;

  /** In the order of the file. */
  private final Piece[] pieces;

  /** I/Os on the queue's lane. */
  private final AtomicInteger onLane = new AtomicInteger();

  private volatile boolean isSubmitted;

  private long result;
  private QueuedWrite nextCompleted;

  /**
   * A write whose pieces, and what they need to go to threads, are made here: a later failure would
   * have to end them.
   *
   * @param stepBytes of one piece
   */
  QueuedWrite(
      LaneQueue queue,
      FileContext file,
      AlignedMemory buffer,
      RequestInfo request,
      long userData,
      int stepBytes) {
    this.queue = queue;
    this.file = file;
    this.buffer = buffer;
    this.request = request;
    this.userData = userData;
    int length = (int) request.lengthBytes();
    pieces = new Piece[(length + stepBytes - 1) / stepBytes];
    for (int i = 0; i < pieces.length; i++) {
      int from = i * stepBytes;
      pieces[i] = new Piece(from, Math.min(stepBytes, length - from));
    }
  }

  /** A part of the write that is one native I/O. */
  private final class Piece implements Io {
    private final int from;
    private final int lengthBytes;
    private final PageClaim claim;
    private long doneBytes;

    /** The part that a submitter thread has, or is to have; null for none. */
    private volatile WaitingPiece waiting;

    Piece(int from, int lengthBytes) {
      this.from = from;
      this.lengthBytes = lengthBytes;
      claim = PageClaim.direct(request.offset() + from, lengthBytes);
    }

    @Override
    public RequestInfo request() {
      return request;
    }

    @Override
    public void completed(long res) {
      leftLane();
      claims().release(claim);
      PieceOutcome outcome = PieceOutcome.ofCompletion(res, true, lengthBytes, isReleased());
      file.ability().learn(outcome);
      switch (outcome) {
        case WROTE -> {
          directBytes += res;
          if (res < lengthBytes && !isReleased()) {
            handOver(this, (int) res);
          } else {
            ended(res);
          }
        }
        case FAILED -> ended(res);
        case IMPOSSIBLE -> ended(impossible(res));
        default -> handOver(this, 0);
      }
    }

    @Override
    public void refused(int errno) {
      leftLane();
      claims().release(claim);
      PieceOutcome outcome = PieceOutcome.ofRefusal(errno, true);
      file.ability().learn(outcome);
      if (outcome.isUntouched()) {
        handOver(this, 0);
      } else {
        ended(-errno);
      }
    }

    private long impossible(long res) {
      try {
        long at = request.offset() + from;
        return -file.failures().impossible(Failures.WRITE, at, lengthBytes, res).errno();
      } catch (OutOfMemoryError e) {
        return -Errno.ENOMEM;
      }
    }

    void ended(long res) {
      doneBytes = Math.max(0, res);
      dio.ended(res);
    }
  }

  /** By the queue's thread: its queued I/Os go into the kernel now. */
  void goesIn() {
    for (int i = onLane.get(); i > 0; i--) {
      file.device().traffic().enter();
    }
  }

  /** By the queue's thread: it was first in a submission that the kernel held. */
  void reportStall(long heldNanos, String reason) {
    file.runtime().events().submissionStall(request, heldNanos, reason);
  }

  private void leftLane() {
    onLane.decrementAndGet();
    file.device().traffic().leave();
  }

  /**
   * By the queue's thread: the rest of a piece goes to a thread that may wait. Without memory for
   * that it ends here.
   */
  private void handOver(Piece piece, int doneBytes) {
    WaitingPiece handed;
    try {
      handed = waitingPiece(piece, doneBytes);
    } catch (OutOfMemoryError e) {
      piece.ended(-Errno.ENOMEM);
      return;
    }
    piece.waiting = handed;
    if (isReleased()) {
      handed.release();
    }
    queue.pieces().handOver(handed);
  }

  private WaitingPiece waitingPiece(Piece piece, int doneBytes) {
    int rest = piece.from + doneBytes;
    RequestInfo range =
        new RequestInfo(
            request.requestId(),
            file.path(),
            request.offset() + rest,
            piece.lengthBytes - doneBytes);
    return new WaitingPiece(this, file, range, buffer.address() + rest, doneBytes);
  }

  private PageClaims claims() {
    return file.node().claims();
  }

  /** Whether another request waits to use the file's pages in another way. */
  boolean isWaitedFor() {
    return claims().hasWaiting();
  }

  private boolean isReleased() {
    return dio.state() == Dio.State.OVERDUE;
  }

  /** Whether its pieces go on the lane, as far as is known before it is cut. */
  static boolean goesOn(Lane lane, FileContext file) {
    return lane.canGoDirect() && file.ability().isDirect() && !file.isAppend();
  }

  /** By the queue's thread: queues the write on the lane. Throws nothing. */
  void queueOn(Lane lane) {
    token = file.runtime().events().beginWrite();
    notifiesWatchers = lane.notifiesWatchers();
    int fd = file.descriptors().directIfOpen();
    boolean tryNow = goesOn(lane, file) && file.ability().mayTryNowait();
    for (Piece piece : pieces) {
      dio.queued();
      // The queue's thread must not wait for another write of the same pages.
      if (tryNow && claims().tryClaim(piece.claim)) {
        ios++;
        onLane.incrementAndGet();
        lane.queue(
            piece,
            fd,
            buffer.address() + piece.from,
            piece.lengthBytes,
            request.offset() + piece.from,
            Linux.RWF_NOWAIT);
      } else {
        handOver(piece, 0);
      }
    }
  }

  /** All of it has been handed to the kernel or to a submitter thread. */
  void submitted() {
    isSubmitted = true;
    dio.submitted(request.lengthBytes());
  }

  /** By a submitter thread, or the watchdog. */
  void post(WaitingPiece piece) {
    queue.pieces().post(piece);
  }

  /** By the queue's thread: a piece that a submitter thread wrote. */
  void pieceWritten(WaitingPiece piece) {
    Piece whole = pieceOf(piece);
    whole.waiting = null;
    directBytes += piece.directBytes();
    bufferedBytes += piece.bufferedBytes();
    ios += piece.ios();
    whole.ended(piece.result());
  }

  private Piece pieceOf(WaitingPiece piece) {
    int i = 0;
    while (pieces[i].waiting != piece) {
      i++;
    }
    return pieces[i];
  }

  /** Returns the shortest interval between looks at it. */
  long periodNanos() {
    return Patience.periodNanos(file.deadline().nanos());
  }

  /** By the queue's thread or the watchdog, under the queue's monitor: a look at it. */
  boolean isOverdue() {
    return origin
        .patience()
        .isSpentInRounds(
            file.runtime().watchdog().restNanos(), file.deadline().nanos(), this::whyOut);
  }

  /** Returns the cause of its wait. */
  private Patience.Cause whyOut() {
    if (!isSubmitted) {
      // Only the queue's thread hands it on; in the meantime it waits for that.
      return queue.lanes().whyUnsubmitted();
    }
    if (onLane.get() > 0) {
      return queue.lanes().whyOnLane();
    }
    Patience.Cause cause = Patience.Cause.PROCESS;
    for (Piece piece : pieces) {
      WaitingPiece out = piece.waiting;
      Patience.Cause one = out == null ? Patience.Cause.PROCESS : out.whyOut();
      cause = one == Patience.Cause.PROCESS ? cause : one;
    }
    return cause;
  }

  /** By the queue's thread or the watchdog, under the queue's monitor. */
  void reportLostOnce() {
    if (lostMark.set()) {
      file.runtime().lost(request, origin, file.deadline().nanos(), "no completion came", true);
    }
  }

  /** By the queue's thread: releases the caller, if its policy says so or in any case. */
  boolean expire(boolean inAnyCase) {
    if ((file.policy().onLost() != OnLost.FAIL && !inAnyCase) || !dio.expire()) {
      return false;
    }
    for (Piece piece : pieces) {
      WaitingPiece out = piece.waiting;
      if (out != null) {
        out.release();
      }
    }
    buffer.quarantine();
    file.runtime().wrote(token, request, -Errno.ETIMEDOUT, 0, 0, ios);
    return true;
  }

  /** Counts up to the first missing byte: pieces behind a short one do not count. */
  private long doneBytes() {
    long bytes = 0;
    for (Piece piece : pieces) {
      bytes += piece.doneBytes;
      if (piece.doneBytes < piece.lengthBytes) {
        break;
      }
    }
    return bytes;
  }

  private void changed() {
    file.node().changed();
    if (!notifiesWatchers && directBytes > 0) {
      file.writeNotice().due(request.offset());
    }
  }

  @Override
  public void published(long dioResult) {
    long result = dioResult < 0 ? dioResult : doneBytes();
    if (lostMark.end()) {
      file.runtime().late(request, origin, result, true);
    }
    if (result < 0) {
      file.runtime().failed(request, origin, result, "asynchronous write");
    }
    file.runtime().wrote(token, request, result, directBytes, bufferedBytes, ios);
    changed();
    buffer.end();
    file.descriptors().leave();
    queue.completed(this, result);
  }

  @Override
  public void drained(long result) {
    file.runtime().late(request, origin, result, false);
    buffer.endQuarantine();
    changed();
    buffer.end();
    file.descriptors().leave();
  }

  InFlightRequest inFlight() {
    return file.inFlight(Failures.WRITE, request, origin, "the completion");
  }

  Origin origin() {
    return origin;
  }

  long userData() {
    return userData;
  }

  long requestId() {
    return request.requestId();
  }

  /** Written before it is handed out. */
  void setResult(long newResult) {
    result = newResult;
  }

  long result() {
    return result;
  }

  /** Link of the list of completions. */
  QueuedWrite nextCompleted() {
    return nextCompleted;
  }

  void setNextCompleted(QueuedWrite next) {
    nextCompleted = next;
  }
}
