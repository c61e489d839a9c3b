package io.dioagent.runtime.write;

import io.dioagent.runtime.api.DirectIoException;
import io.dioagent.runtime.api.Errno;
import io.dioagent.runtime.api.RequestInfo;
import io.dioagent.runtime.base.Defects;
import io.dioagent.runtime.base.Patience;
import io.dioagent.runtime.base.WaitingFor;
import io.dioagent.runtime.device.Io;
import io.dioagent.runtime.device.Lane;
import io.dioagent.runtime.device.Traffic;
import io.dioagent.runtime.device.Watchdog;
import io.dioagent.runtime.dio.Dio;
import io.dioagent.runtime.engine.KernelThread;
import io.dioagent.runtime.engine.SyscallThreads;
import io.dioagent.runtime.file.Failures;
import io.dioagent.runtime.file.FileContext;
import io.dioagent.runtime.file.PieceOutcome;
import io.dioagent.runtime.file.Request;
import io.dioagent.runtime.linux.ErrnoException;
import io.dioagent.runtime.plan.Part;

/** The direct I/Os of one write on its lane. Owned with the write, by one thread at a time. */
public final class DirectTransfer {
  private final Request request;
  private final FileContext file;
  private final Lane lane;
  private final Dio dio;
  private final Traffic traffic;
  private int inFlight;
  private int ios;

  /** Not yet handed to the kernel. */
  private int queued;

  /** Queued I/Os are not handed to the kernel. */
  private boolean dropping;

  /** The submitter has dropped its count: completions from now on only end the write. */
  private boolean orphaned;

  /** Another thread submits: refused I/Os wait for {@link #takeRefusals}. */
  private boolean besideReaper;

  private PartIo refused;

  /**
   * The failure in this process that ended the write, and is no answer of a device; null for none.
   */
  private Throwable thrown;

  /** The exception of a failed write; null where the errno says all. */
  private DirectIoException failure;

  /** The last known obstacle of a lost write. */
  private volatile String waitingFor = WaitingFor.SUBMISSION;

  public DirectTransfer(Request request, Lane lane, Dio dio) {
    this.request = request;
    file = request.file();
    this.lane = lane;
    this.dio = dio;
    traffic = file.device().traffic();
  }

  /** A part's I/O in flight. */
  private final class PartIo implements Io {
    private final Part part;
    private final boolean nowait;

    // While it waits for takeRefusals.

    private int refusedErrno;
    private PartIo nextRefused;

    PartIo(Part part, boolean nowait) {
      this.part = part;
      this.nowait = nowait;
    }

    @Override
    public RequestInfo request() {
      return request.info();
    }

    @Override
    public void completed(long result) {
      traffic.leave();
      inFlight--;
      int asked = part.restBytes();
      PieceOutcome outcome = PieceOutcome.ofCompletion(result, nowait, asked, orphaned);
      switch (outcome) {
        case WROTE -> {
          part.wroteDirect((int) result);
          if (part.isOpen() && part.restOffset() % file.alignBytes() != 0) {
            goBuffered(part, "rest of a short direct write");
          }
          dio.ended(result);
        }
        case FAILED -> {
          if (result < 0) {
            part.failed((int) -result);
          }
          dio.ended(result);
        }
        case IMPOSSIBLE -> {
          impossible(part, part.restOffset(), asked, result);
          dio.ended(-Errno.EIO);
        }
        case NOTHING -> untouched("rest of a short direct write");
        case NOT_DIRECT -> untouched("the kernel refused it (EINVAL)");
        default -> untouched(null);
      }
      file.ability().learn(outcome);
    }

    /** Not written: it stays open, and goes through the page cache if there is a reason to. */
    private void untouched(String whyBuffered) {
      dio.refused();
      if (whyBuffered != null) {
        goBuffered(part, whyBuffered);
      }
    }

    @Override
    public void refused(int errno) {
      if (!dropping) {
        traffic.leave();
      }
      if (besideReaper) {
        refusedErrno = errno;
        nextRefused = refused;
        refused = this;
      } else {
        take(errno);
      }
    }

    private void take(int errno) {
      inFlight--;
      PieceOutcome outcome = PieceOutcome.ofRefusal(errno, nowait);
      switch (outcome) {
        case NO_NOWAIT, WITHDRAWN -> untouched(null);
        case REFUSED -> untouched(refusal(errno));
        default -> {
          dio.refused();
          part.failed(errno);
        }
      }
      file.ability().learn(outcome);
    }
  }

  private void goBuffered(Part part, String why) {
    try {
      if (file.policy().fallbackAllowed()) {
        part.goBuffered(why);
      } else {
        failWith(part, file.failures().forbidden(part.restOffset(), part.restBytes(), why));
      }
    } catch (RuntimeException | Error e) {
      threw(e);
      part.failed(Defects.errno(e));
    }
  }

  /** Records a failure in this process, which ends the write. The first one counts. */
  void threw(Throwable e) {
    thrown = thrown == null ? e : thrown;
  }

  /** As {@link #threw}; null for nothing. */
  Throwable thrown() {
    return thrown;
  }

  /** Handles a count above what the part asked for. */
  void impossible(Part part, long offset, long asked, long result) {
    try {
      failWith(part, file.failures().impossible(Failures.WRITE, offset, asked, result));
    } catch (RuntimeException | Error e) {
      threw(e);
      part.failed(Defects.errno(e));
    }
  }

  private String refusal(int errno) {
    try {
      return lane.submittingCall() + " says " + Errno.name(errno);
    } catch (OutOfMemoryError e) {
      return "the engine refused it";
    }
  }

  private void failWith(Part part, DirectIoException why) {
    part.failed(why.errno());
    failure = failure == null ? why : failure;
  }

  /**
   * Queues the rest of a part. With no direct descriptor open yet this may block.
   *
   * @param rwFlags RWF_NOWAIT, or 0
   * @return false if it cannot be queued: the caller was released, or there is no direct descriptor
   */
  boolean queue(Part part, int rwFlags) {
    int fd;
    try {
      fd = file.descriptors().direct();
    } catch (ErrnoException e) {
      String why = "no direct descriptor: " + e.getMessage();
      goBuffered(part, why);
      file.ability().noDirectAfter(e.errno(), why);
      return false;
    }
    PartIo io = new PartIo(part, rwFlags != 0);
    if (!dio.queued()) {
      return false;
    }
    inFlight++;
    queued++;
    ios++;
    lane.queue(io, fd, part.restAddress(), part.restBytes(), part.restOffset(), rwFlags);
    return true;
  }

  /**
   * Submits the queued I/Os. May block unless all are RWF_NOWAIT.
   *
   * @param beside whether another thread reaps meanwhile, which is to {@link #takeRefusals} then
   */
  void submit(boolean beside) {
    besideReaper = beside;
    waitingFor = lane.toReturn();
    for (; queued > 0; queued--) {
      traffic.enter();
    }
    long heldNanos = lane.submit(thisThread(), !beside);
    waitingFor = WaitingFor.COMPLETION;
    if (heldNanos > 0) {
      request.reportStall(heldNanos, lane.notReturned());
    }
  }

  /** Drops the queued I/Os, as if the kernel had refused them. */
  void dropQueued() {
    besideReaper = false;
    dropping = true;
    lane.dropQueued();
    dropping = false;
    queued = 0;
  }

  /**
   * By the caller, when the other thread has returned: handles the I/Os that the kernel refused.
   */
  void takeRefusals() {
    PartIo next = refused;
    refused = null;
    for (; next != null; next = next.nextRefused) {
      next.take(next.refusedErrno);
    }
  }

  private static KernelThread thisThread() {
    try {
      return SyscallThreads.current();
    } catch (OutOfMemoryError e) {
      return null; // It is not known.
    }
  }

  /** Drops the I/Os that a failure of this process has left queued. */
  public void dropUnsubmitted() {
    if (queued > 0) {
      dropQueued();
    }
  }

  /** Reaps all that has come. */
  void reapAllThere() {
    while (inFlight > 0 && lane.reap(0, 0) > 0) {
      // A few at a time.
    }
  }

  /** Returns the cause of an in-flight I/O's wait. Any thread. */
  Patience.Cause whyInFlight() {
    return lane.waitsForThreads() ? Patience.Cause.PROCESS : Patience.Cause.DEVICE;
  }

  public int inFlight() {
    return inFlight;
  }

  public int ios() {
    return ios;
  }

  /**
   * By the submitter, which leaves I/Os in flight behind: drops its count, and the watchdog looks
   * after the write.
   *
   * @param handledBytes as {@link Dio#submitted}
   */
  public void leaveInFlight(Watchdog.LinkedWard write, long handledBytes) {
    orphaned = true;
    if (lane.endsOnSubmitter()) {
      SyscallThreads.retire();
    }
    dio.submitted(handledBytes);
    file.runtime().watchdog().addLinked(write);
  }

  /**
   * Gives the borrowed lane back at the write's end; or leaves that to the watchdog, which still
   * reads a completion on it if I/Os were left behind.
   */
  public void giveLaneBack() {
    if (!orphaned) {
      file.device().giveBack(lane);
    }
  }

  /** The exception of a failed write; null where the errno says all. */
  DirectIoException failure() {
    return failure;
  }

  void waitFor(String what) {
    waitingFor = what;
  }

  String waitingFor() {
    return waitingFor;
  }
}
