package io.dioagent.runtime.queue;

import io.dioagent.runtime.api.Errno;
import io.dioagent.runtime.api.InFlightRequest;
import io.dioagent.runtime.api.RequestInfo;
import io.dioagent.runtime.base.Patience;
import io.dioagent.runtime.base.WaitingFor;
import io.dioagent.runtime.device.Io;
import io.dioagent.runtime.device.Lane;
import io.dioagent.runtime.dio.Dio;
import io.dioagent.runtime.file.Failures;
import io.dioagent.runtime.file.FileContext;
import io.dioagent.runtime.file.PageClaim;
import io.dioagent.runtime.file.PageClaims;
import io.dioagent.runtime.file.PieceOutcome;
import io.dioagent.runtime.file.Request;
import io.dioagent.runtime.linux.Linux;
import io.dioagent.runtime.memory.AlignedMemory;
import io.dioagent.runtime.write.WriteRequest;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One write on a {@link LaneQueue}. Its I/Os are submitted and reaped by the queue's thread; a
 * piece that would have to wait inside io_submit, or cannot go direct after all, is written by a
 * submitter thread, which posts the result back.
 */
public final class QueuedWrite extends WriteRequest {
  private final LaneQueue queue;
  private final AlignedMemory buffer;
  private final long userData;
  private int ios;
  private long directBytes;
  private long bufferedBytes;

  /** In the order of the file. */
  private final Piece[] pieces;

  /** I/Os on the queue's lane. */
  private final AtomicInteger onLane = new AtomicInteger();

  private volatile boolean isSubmitted;

  private long deliveredResult;
  private QueuedWrite nextCompleted;

  /**
   * A write whose pieces, and what they need to go to threads, are made here: a later failure would
   * have to end them.
   *
   * @param stepBytes of one piece
   */
  QueuedWrite(
      LaneQueue queue,
      Request request,
      Lane lane,
      AlignedMemory buffer,
      long userData,
      int stepBytes) {
    super(request, lane, buffer, null);
    this.queue = queue;
    this.buffer = buffer;
    this.userData = userData;
    int length = (int) request.info().lengthBytes();
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
      claim = PageClaim.direct(offset() + from, lengthBytes);
    }

    @Override
    public RequestInfo request() {
      return QueuedWrite.this.request().info();
    }

    @Override
    public void completed(long res) {
      leftLane();
      claims().release(claim);
      PieceOutcome outcome = PieceOutcome.ofCompletion(res, true, lengthBytes, isReleased());
      file().ability().learn(outcome);
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
      file().ability().learn(outcome);
      if (outcome.isUntouched()) {
        handOver(this, 0);
      } else {
        ended(-errno);
      }
    }

    private long impossible(long res) {
      try {
        long at = offset() + from;
        return -file().failures().impossible(Failures.WRITE, at, lengthBytes, res).errno();
      } catch (OutOfMemoryError e) {
        return -Errno.ENOMEM;
      }
    }

    void ended(long res) {
      doneBytes = Math.max(0, res);
      dio().ended(res);
    }
  }

  /** Of its first byte. */
  private long offset() {
    return request().info().offset();
  }

  /** By the queue's thread: its queued I/Os go into the kernel now. */
  void goesIn() {
    for (int i = onLane.get(); i > 0; i--) {
      file().device().traffic().enter();
    }
  }

  private void leftLane() {
    onLane.decrementAndGet();
    file().device().traffic().leave();
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
            request().info().requestId(),
            file().path(),
            offset() + rest,
            piece.lengthBytes - doneBytes);
    Request request = new Request(file(), range, request().origin());
    return new WaitingPiece(this, request, buffer.address() + rest, doneBytes);
  }

  private PageClaims claims() {
    return file().node().claims();
  }

  /** Whether another request waits to use the file's pages in another way. */
  boolean isWaitedFor() {
    return claims().hasWaiting();
  }

  private boolean isReleased() {
    return dio().state() == Dio.State.OVERDUE;
  }

  /** Whether its pieces go on the lane, as far as is known before it is cut. */
  static boolean goesOn(Lane lane, FileContext file) {
    return lane.canGoDirect() && file.ability().isDirect() && !file.isAppend();
  }

  /** By the queue's thread: queues the write on the lane. Throws nothing. */
  void queue() {
    begins(runtime().events().beginWrite());
    int fd = file().descriptors().directIfOpen();
    boolean tryNow = goesOn(lane(), file()) && file().ability().mayTryNowait();
    for (Piece piece : pieces) {
      dio().queued();
      // The queue's thread must not wait for another write of the same pages.
      if (tryNow && claims().tryClaim(piece.claim)) {
        ios++;
        onLane.incrementAndGet();
        long address = buffer.address() + piece.from;
        long at = offset() + piece.from;
        lane().queue(piece, fd, address, piece.lengthBytes, at, Linux.RWF_NOWAIT);
      } else {
        handOver(piece, 0);
      }
    }
  }

  /** All of it has been handed to the kernel or to a submitter thread. */
  void submitted() {
    isSubmitted = true;
    finish(request().info().lengthBytes());
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
    return Patience.periodNanos(file().deadline().nanos());
  }

  /** By the queue's thread or the watchdog, under the queue's monitor: a look at it. */
  boolean isOverdue() {
    return request().isSpentInRounds(this::whyOut);
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

  /** By the queue's thread: releases the caller, if its policy says so or in any case. */
  boolean expire(boolean inAnyCase) {
    if (!releaseByPolicy(inAnyCase)) {
      return false;
    }
    for (Piece piece : pieces) {
      WaitingPiece out = piece.waiting;
      if (out != null) {
        out.release();
      }
    }
    accountLost(ios);
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

  @Override
  protected String waitingFor() {
    return WaitingFor.COMPLETION;
  }

  @Override
  protected long outcome(long dioResult) {
    return dioResult < 0 ? dioResult : doneBytes();
  }

  @Override
  protected long directBytes() {
    return directBytes;
  }

  @Override
  protected long bufferedBytes() {
    return bufferedBytes;
  }

  @Override
  protected int ios() {
    return ios;
  }

  /** Hands its result out, to the thread that calls the queue. */
  @Override
  protected void completed() {
    if (result() < 0) {
      request().reportFailed(result(), "asynchronous write");
    }
    account();
    queue.completed(this, result());
  }

  InFlightRequest inFlight() {
    return request().inFlight(Failures.WRITE, waitingFor());
  }

  long userData() {
    return userData;
  }

  /** Written before it is handed out. */
  void deliver(long result) {
    deliveredResult = result;
  }

  long delivered() {
    return deliveredResult;
  }

  /** Link of the list of completions. */
  QueuedWrite nextCompleted() {
    return nextCompleted;
  }

  void setNextCompleted(QueuedWrite next) {
    nextCompleted = next;
  }
}
