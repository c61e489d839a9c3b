package io.dioagent.runtime.async;

import io.dioagent.runtime.api.DirectIoException;
import io.dioagent.runtime.api.Errno;
import io.dioagent.runtime.api.RequestInfo;
import io.dioagent.runtime.base.WaitingFor;
import io.dioagent.runtime.device.Io;
import io.dioagent.runtime.device.Lane;
import io.dioagent.runtime.device.PooledMemory;
import io.dioagent.runtime.device.Traffic;
import io.dioagent.runtime.file.Failures;
import io.dioagent.runtime.file.PageClaim;
import io.dioagent.runtime.file.PieceOutcome;
import io.dioagent.runtime.file.Request;
import io.dioagent.runtime.linux.Linux;
import io.dioagent.runtime.memory.NativeBuffer;
import io.dioagent.runtime.plan.Part;
import io.dioagent.runtime.plan.Parts;
import io.dioagent.runtime.write.WriteRequest;

/**
 * The segment of an asynchronous write that is on its device's lane: aligned pieces within the
 * file, out of the pool's buffers.
 *
 * <p>The submitter makes and queues it; the reaper completes the pieces; the one that drops the
 * last count ends it. Each piece is one thread's at a time, and the lock of its {@link #dio} hands
 * it on. The watchdog may {@link #expire} it.
 */
public final class LaneWrite extends WriteRequest {
  private final AsyncWrite whole;
  private final Parts parts;

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
   * @param lane that it is to be queued on
   * @param claim of its pages, which it holds
   * @param token of its event
   */
  LaneWrite(
      AsyncWrite whole,
      Request request,
      Lane lane,
      NativeBuffer[] buffers,
      Parts parts,
      PageClaim claim,
      Object token) {
    super(request, lane, new PooledMemory(request.file().device(), buffers), claim);
    this.whole = whole;
    this.parts = parts;
    begins(token);
    traffic = file().device().traffic();
    waitingFor = lane.toReturn();
    boolean nowait = file().ability().mayTryNowait();
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
      return LaneWrite.this.request().info();
    }

    @Override
    public void completed(long result) {
      traffic.leave();
      int asked = part.restBytes();
      PieceOutcome outcome = PieceOutcome.ofCompletion(result, nowait, asked, false);
      file().ability().learn(outcome);
      switch (outcome) {
        case WROTE -> {
          part.wroteDirect((int) result);
          dio().ended(result);
        }
        case FAILED -> {
          part.failed((int) -result);
          dio().ended(result);
        }
        case IMPOSSIBLE -> {
          int errno = impossible(part, asked, result);
          part.failed(errno);
          dio().ended(-errno);
        }
        default -> dio().ended(0); // Untouched: a thread that may wait writes it.
      }
    }

    @Override
    public void refused(int errno) {
      traffic.leave();
      dio().refused();
      PieceOutcome outcome = PieceOutcome.ofRefusal(errno, nowait);
      file().ability().learn(outcome);
      if (!outcome.isUntouched()) {
        part.failed(errno);
      }
    }
  }

  private int impossible(Part part, int asked, long result) {
    try {
      failure = file().failures().impossible(Failures.WRITE, part.restOffset(), asked, result);
      return failure.errno();
    } catch (OutOfMemoryError e) {
      return Errno.ENOMEM; // Without the memory to say so.
    }
  }

  @Override
  protected String waitingFor() {
    return waitingFor;
  }

  /** By the submitter. */
  void queue() {
    int fd = file().descriptors().directIfOpen();
    for (int i = 0; i < pieces.length && dio().queued(); i++) {
      Part part = parts.get(i);
      Piece piece = pieces[i];
      // Not because of the submitter, which may get stuck: a waiting I/O must not hold up others.
      int flags = piece.nowait ? Linux.RWF_NOWAIT : 0;
      traffic.enter(); // It is submitted at once.
      lane().queue(piece, fd, part.restAddress(), part.restBytes(), part.restOffset(), flags);
    }
  }

  /** By the submitter: the kernel has it. From here on only the last dropper touches it. */
  void submitted() {
    waitingFor = WaitingFor.COMPLETION;
    isSubmitted = true;
    finish(request().info().lengthBytes());
  }

  /** Whether the submission that it was part of has returned. Any thread. */
  boolean isSubmitted() {
    return isSubmitted;
  }

  /** By the watchdog: the deadline has passed. */
  void expire() {
    if (releaseByPolicy(false)) {
      accountLost(ios());
      whole.laneLost(lost());
    }
  }

  @Override
  protected long directBytes() {
    return parts.directBytes();
  }

  @Override
  protected long bufferedBytes() {
    return 0;
  }

  @Override
  protected int ios() {
    return parts.count();
  }

  @Override
  protected long outcome(long dioResult) {
    long error = dioResult < 0 ? dioResult : parts.firstError();
    return error < 0 ? error : directBytes();
  }

  /** Goes on with the write that it is a segment of, or ends that. */
  @Override
  protected void completed() {
    DirectIoException why = failure;
    if (result() < 0) {
      request().reportFailed(result(), whyFailed(why, directBytes()));
    }
    if (result() == 0) {
      abandon(); // The thread that writes it reports it.
    } else {
      account();
    }
    whole.laneEnded(request().info(), parts, Math.min(0, result()), why);
  }
}
