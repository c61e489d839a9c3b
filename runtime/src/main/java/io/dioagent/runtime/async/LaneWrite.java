package io.dioagent.runtime.async;

import io.dioagent.runtime.api.DirectIoException;
import io.dioagent.runtime.api.Errno;
import io.dioagent.runtime.api.OnLost;
import io.dioagent.runtime.api.RequestInfo;
import io.dioagent.runtime.base.Defects;
import io.dioagent.runtime.base.PreparedFailures;
import io.dioagent.runtime.base.WaitingFor;
import io.dioagent.runtime.device.Io;
import io.dioagent.runtime.device.Lane;
import io.dioagent.runtime.device.LostMark;
import io.dioagent.runtime.device.RuntimeContext;
import io.dioagent.runtime.device.Traffic;
import io.dioagent.runtime.dio.Dio;
import io.dioagent.runtime.dio.ShortLock;
import io.dioagent.runtime.file.Failures;
import io.dioagent.runtime.file.FileContext;
import io.dioagent.runtime.file.PageClaim;
import io.dioagent.runtime.file.PieceOutcome;
import io.dioagent.runtime.linux.Linux;
import io.dioagent.runtime.memory.BufferPool;
import io.dioagent.runtime.memory.NativeBuffer;
import io.dioagent.runtime.plan.Part;
import io.dioagent.runtime.plan.Parts;
import java.io.IOException;

/**
 * The segment of an asynchronous write that is on its device's lane: aligned pieces within the
 * file, out of the pool's buffers.
 *
 * <p>The submitter makes and queues it; the reaper completes the pieces; the one that drops the
 * last count ends it. Each piece is one thread's at a time, and {@link Dio}'s lock hands it on. The
 * watchdog may {@link #expire} it.
 */
public final class LaneWrite implements Dio.Ending {
  private final AsyncWrite whole;
  private final FileContext file;
  private final RequestInfo request;
  private final NativeBuffer[] buffers;
  private final Parts parts;
  private final PageClaim claim;
  private final Object token;
  private final Dio dio = new Dio(new ShortLock(), this);
  private final LostMark lostMark = new LostMark();

  /** Written before it is submitted. */
  private boolean notifiesWatchers = true;

  /** Made before anything is queued. */
  private final Piece[] pieces;

  private final Traffic traffic;
  private volatile String waitingFor;
  private volatile boolean isSubmitted;

  /**
   * The write's exception if it fails; null where the errno says all. Set by the thread that ends a
   * piece.
   */
  private volatile DirectIoException failure;

  /**
   * A write whose bytes are in place, and that has entered its file's descriptors.
   *
   * @param claim of its pages, which it holds
   * @param token of its event
   * @param lane that it is to be queued on
   */
  LaneWrite(
      AsyncWrite whole,
      RequestInfo request,
      NativeBuffer[] buffers,
      Parts parts,
      PageClaim claim,
      Object token,
      Lane lane) {
    this.whole = whole;
    file = whole.file();
    this.request = request;
    this.buffers = buffers;
    this.parts = parts;
    this.claim = claim;
    this.token = token;
    traffic = file.device().traffic();
    waitingFor = lane.toReturn();
    boolean nowait = file.ability().mayTryNowait();
    pieces = new Piece[parts.count()];
    for (int i = 0; i < pieces.length; i++) {
      pieces[i] = new Piece(parts.get(i), nowait);
    }
  }

  /** One native I/O. */
  private final class Piece implements Io {
    private final Part part;
    private final boolean nowait;

    Piece(Part part, boolean nowait) {
      this.part = part;
      this.nowait = nowait;
    }

    @Override
    public RequestInfo request() {
      return request;
    }

    @Override
    public void completed(long result) {
      traffic.leave();
      int asked = part.restBytes();
      PieceOutcome outcome = PieceOutcome.ofCompletion(result, nowait, asked, false);
      file.ability().learn(outcome);
      switch (outcome) {
        case WROTE -> {
          part.wroteDirect((int) result);
          dio.ended(result);
        }
        case FAILED -> {
          part.failed((int) -result);
          dio.ended(result);
        }
        case IMPOSSIBLE -> {
          int errno = impossible(part, asked, result);
          part.failed(errno);
          dio.ended(-errno);
        }
        default -> dio.ended(0); // Untouched: a thread that may wait writes it.
      }
    }

    @Override
    public void refused(int errno) {
      traffic.leave();
      dio.refused();
      PieceOutcome outcome = PieceOutcome.ofRefusal(errno, nowait);
      file.ability().learn(outcome);
      if (!outcome.isUntouched()) {
        part.failed(errno);
      }
    }
  }

  private int impossible(Part part, int asked, long result) {
    try {
      failure = file.failures().impossible(Failures.WRITE, part.restOffset(), asked, result);
      return failure.errno();
    } catch (OutOfMemoryError e) {
      return Errno.ENOMEM; // Without the memory to say so.
    }
  }

  /** Returns its last known obstacle. Any thread. */
  String waitingFor() {
    return waitingFor;
  }

  long requestId() {
    return request.requestId();
  }

  /** By the submitter. */
  void queueOn(Lane lane) {
    notifiesWatchers = lane.notifiesWatchers();
    int fd = file.descriptors().directIfOpen();
    for (int i = 0; i < pieces.length && dio.queued(); i++) {
      Part part = parts.get(i);
      Piece piece = pieces[i];
      // Not because of the submitter, which may get stuck: a waiting I/O must not hold up others.
      int flags = piece.nowait ? Linux.RWF_NOWAIT : 0;
      traffic.enter(); // It is submitted at once.
      lane.queue(piece, fd, part.restAddress(), part.restBytes(), part.restOffset(), flags);
    }
  }

  /** By the submitter: the kernel has it. From here on only the last dropper touches it. */
  void submitted() {
    waitingFor = WaitingFor.COMPLETION;
    isSubmitted = true;
    if (!dio.submitted(request.lengthBytes())) {
      published(dio.result());
    }
  }

  /** Whether the submission that it was part of has returned. Any thread. */
  boolean isSubmitted() {
    return isSubmitted;
  }

  /** By the submitter: it was first in a submission that the kernel held. */
  void reportStall(long heldNanos, String reason) {
    file.runtime().events().submissionStall(request, heldNanos, reason);
  }

  /** By the watchdog: the deadline has passed. */
  void expire() {
    if (file.policy().onLost() != OnLost.FAIL) {
      reportLost();
      return;
    }
    BufferPool pool = file.runtime().buffers();
    pool.quarantine(buffers);
    if (!dio.expire()) {
      pool.endQuarantine(buffers);
      return;
    }
    reportLost();
    file.runtime().wrote(token, request, -Errno.ETIMEDOUT, 0, 0, parts.count());
    whole.laneLost(lost());
  }

  private IOException lost() {
    try {
      return file.failures().lost(request, whole.origin(), waitingFor);
    } catch (OutOfMemoryError e) {
      return PreparedFailures.outOfMemory();
    }
  }

  private void reportLost() {
    if (lostMark.set()) {
      long deadlineNanos = file.policy().deadline().toNanos();
      String reason = Defects.text("waiting for ", waitingFor);
      file.runtime().lost(request, whole.origin(), deadlineNanos, reason, true);
    }
  }

  private void changed() {
    file.node().changed();
    if (!notifiesWatchers && parts.directBytes() > 0) {
      file.writeNotice().due(request.offset());
    }
  }

  @Override
  public void published(long dioResult) {
    RuntimeContext runtime = file.runtime();
    long error = dioResult < 0 ? dioResult : parts.firstError();
    long bytes = parts.directBytes();
    long result = error < 0 ? error : bytes;
    if (lostMark.end()) {
      runtime.late(request, whole.origin(), result, true);
    }
    if (error < 0) {
      runtime.failed(request, whole.origin(), error, whyFailed(bytes));
    }
    changed();
    file.node().claims().release(claim);
    file.device().release(buffers);
    if (result == 0) {
      runtime.events().abandonWrite(token); // The thread that writes it reports it.
    } else {
      runtime.wrote(token, request, result, bytes, 0, parts.count());
    }
    whole.laneEnded(request, parts, error, failure);
    file.descriptors().leave();
  }

  private String whyFailed(long bytes) {
    try {
      String progress = bytes + " of " + request.lengthBytes() + " written";
      return failure == null ? progress : failure.getMessage();
    } catch (OutOfMemoryError e) {
      return "";
    }
  }

  @Override
  public void drained(long result) {
    file.runtime().late(request, whole.origin(), result, false);
    file.runtime().buffers().endQuarantine(buffers);
    changed();
    file.node().claims().release(claim);
    file.device().release(buffers);
    file.descriptors().leave();
  }
}
