package io.dioagent.runtime;

import io.dioagent.runtime.aio.KernelThread;
import io.dioagent.runtime.aio.SyscallThreads;
import io.dioagent.runtime.dio.Dio;
import io.dioagent.runtime.linux.ErrnoException;
import java.util.ArrayList;
import java.util.List;

/** The direct I/Os of one write on its lane. Owned with the write, by one thread at a time. */
final class DirectTransfer {
  private final DirectFile file;
  private final Lane lane;
  private final Dio dio;
  private final RequestInfo request;
  private final Origin origin;
  private final Traffic traffic;
  private int inFlight;
  private int ios;

  /** Not yet handed to the kernel. */
  private int queued;

  /** What is queued is not handed to it. */
  private boolean dropping;

  /** The submitter has dropped its count: what comes now only ends. */
  private boolean orphaned;

  /** Another thread submits: what is refused waits for {@link #takeRefusals}. */
  private boolean besideReaper;

  private final List<Refusal> refusals = new ArrayList<>(0);

  private record Refusal(PartIo io, int errno) {}

  /** What the write ends with if it fails; null where its errno says all. */
  private DirectIoException failure;

  /** What a lost write was last seen waiting for. */
  private volatile String waitingFor = "a submission";

  DirectTransfer(DirectFile file, Lane lane, Dio dio, RequestInfo request, Origin origin) {
    this.file = file;
    this.lane = lane;
    this.dio = dio;
    this.request = request;
    this.origin = origin;
    traffic = file.device().traffic();
  }

  /** A part's I/O in flight. */
  private final class PartIo implements Io {
    private final Part part;
    private final boolean nowait;

    PartIo(Part part, boolean nowait) {
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
        refusals.add(new Refusal(this, errno));
      } else {
        take(errno);
      }
    }

    private void take(int errno) {
      inFlight--;
      PieceOutcome outcome = PieceOutcome.ofRefusal(errno, nowait);
      switch (outcome) {
        case NO_NOWAIT, WITHDRAWN -> untouched(null);
        case REFUSED -> untouched(lane.submittingCall() + " says " + Errno.name(errno));
        default -> {
          dio.refused();
          part.failed(errno);
        }
      }
      file.ability().learn(outcome);
    }
  }

  private void goBuffered(Part part, String why) {
    if (file.policy().fallbackAllowed()) {
      part.goBuffered(why);
    } else {
      failWith(part, file.failures().forbidden(part.restOffset(), part.restBytes(), why));
    }
  }

  /** A part of which more is said to be written than was asked for. */
  void impossible(Part part, long offset, long asked, long result) {
    failWith(part, file.failures().impossible(Failures.WRITE, offset, asked, result));
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
    if (!dio.queued()) {
      return false;
    }
    inFlight++;
    queued++;
    ios++;
    lane.queue(
        new PartIo(part, rwFlags != 0),
        fd,
        part.restAddress(),
        part.restBytes(),
        part.restOffset(),
        rwFlags);
    return true;
  }

  /** Submits what is queued. May block where it is not all RWF_NOWAIT. */
  void submit() {
    besideReaper = false;
    submitQueued();
  }

  /** As {@link #submit}, while the caller reaps. */
  void submitBesideReaper() {
    besideReaper = true;
    submitQueued();
  }

  /** What is queued is never submitted: as if the kernel had not taken it. */
  void dropQueued() {
    besideReaper = false;
    dropping = true;
    lane.dropQueued();
    dropping = false;
    queued = 0;
  }

  /** By the caller, when the other thread has returned: what the kernel did not take. */
  void takeRefusals() {
    for (Refusal refusal : refusals) {
      refusal.io().take(refusal.errno());
    }
    refusals.clear();
  }

  private void submitQueued() {
    waitingFor = lane.submittingCall() + " to return";
    for (; queued > 0; queued--) {
      traffic.enter();
    }
    KernelThread thread = SyscallThreads.current();
    long heldNanos = besideReaper ? lane.submitBesideReaper(thread) : lane.submit(thread);
    waitingFor = "the completion";
    if (heldNanos > 0) {
      String reason = lane.submittingCall() + " did not return";
      file.runtime().events().submissionStall(request, heldNanos, reason);
    }
  }

  /** Reaps once; see {@link Lane#reap}. */
  void reap(long timeoutNanos) {
    lane.reap(inFlight, timeoutNanos);
  }

  /** Reaps all that has come. */
  void reapAllThere() {
    while (inFlight > 0 && lane.reap(0, 0) > 0) {
      // A few at a time.
    }
  }

  /** What an I/O in flight waits for. Any thread. */
  Patience.Cause whyInFlight() {
    return lane.waitsForThreads() ? Patience.Cause.PROCESS : Patience.Cause.DEVICE;
  }

  Origin origin() {
    return origin;
  }

  int inFlight() {
    return inFlight;
  }

  int ios() {
    return ios;
  }

  /** Its I/Os in flight are left behind by the thread that has submitted them. */
  void orphan() {
    orphaned = true;
    if (lane.endsOnSubmitter()) {
      SyscallThreads.retire();
    }
  }

  boolean isOrphaned() {
    return orphaned;
  }

  /** What the write ends with if it fails; null where its errno says all. */
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
