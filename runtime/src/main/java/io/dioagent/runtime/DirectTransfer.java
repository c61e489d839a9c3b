package io.dioagent.runtime;

import io.dioagent.runtime.aio.SyscallThreads;
import io.dioagent.runtime.dio.Dio;
import io.dioagent.runtime.linux.ErrnoException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The direct I/Os of one write on its lane. Owned with the write, by one thread at a time. */
final class DirectTransfer {
  private static final long STALL_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private final DirectFile file;
  private final Lane lane;
  private final Dio dio;
  private final RequestInfo request;
  private final Origin origin;
  private int inFlight;
  private int ios;

  /** The submitter has dropped its count: what comes now only ends. */
  private boolean orphaned;

  /** Another thread submits: what is refused waits for {@link #takeRefusals}. */
  private boolean besideReaper;

  private final List<Refusal> refusals = new ArrayList<>(0);

  private record Refusal(PartIo io, int errno) {}

  /** What could not go direct, and was not allowed to go buffered; null for nothing. */
  private DirectIoException whyForbidden;

  /** What a lost write was last seen waiting for. */
  private volatile String waitingFor = "a submission";

  DirectTransfer(DirectFile file, Lane lane, Dio dio, RequestInfo request, Origin origin) {
    this.file = file;
    this.lane = lane;
    this.dio = dio;
    this.request = request;
    this.origin = origin;
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
      inFlight--;
      boolean cannotNowait = nowait && result == -Errno.EOPNOTSUPP;
      boolean wouldWait = cannotNowait || (nowait && result == -Errno.EAGAIN);
      boolean untouched = wouldWait || result == -Errno.EINVAL;
      if (untouched && !orphaned) {
        dio.refused();
        if (cannotNowait) {
          file.ability().noNowait();
        } else if (!wouldWait) {
          goBuffered(part, "the kernel refused it (EINVAL)");
          file.ability().noDirectAfterEinval();
        }
        return;
      }
      if (result < 0) {
        part.failed((int) -result);
      } else {
        file.ability().wentDirect();
        part.wroteDirect((int) result);
        if (part.isOpen() && (result == 0 || part.restOffset() % file.alignBytes() != 0)) {
          goBuffered(part, "rest of a short direct write");
        }
      }
      dio.ended(result);
    }

    @Override
    public void refused(int errno) {
      if (besideReaper) {
        refusals.add(new Refusal(this, errno));
      } else {
        take(errno);
      }
    }

    private void take(int errno) {
      inFlight--;
      dio.refused();
      if (nowait && errno == Errno.EOPNOTSUPP) {
        file.ability().noNowait();
      } else if (errno == Errno.EOPNOTSUPP || errno == Errno.EAGAIN || errno == Errno.EINVAL) {
        goBuffered(part, "io_submit says " + Errno.name(errno));
      } else {
        part.failed(errno);
      }
    }
  }

  private void goBuffered(Part part, String why) {
    if (file.policy().fallbackAllowed()) {
      part.goBuffered(why);
    } else {
      part.failed(Errno.EINVAL);
      whyForbidden = file.failures().forbidden(part.restOffset(), part.restBytes(), why);
    }
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
    lane.dropQueued();
  }

  /** By the caller, when the other thread has returned: what the kernel did not take. */
  void takeRefusals() {
    for (Refusal refusal : refusals) {
      refusal.io().take(refusal.errno());
    }
    refusals.clear();
  }

  private void submitQueued() {
    waitingFor = "io_submit to return";
    long before = System.nanoTime();
    if (besideReaper) {
      lane.submitBesideReaper();
    } else {
      lane.submit();
    }
    long stalledNanos = System.nanoTime() - before;
    waitingFor = "the completion";
    if (stalledNanos > STALL_NANOS) {
      file.runtime().events().submissionStall(request, stalledNanos, "io_submit did not return");
    }
  }

  /** Reaps once; see {@link Lane#reap}. */
  void reap(long timeoutNanos) {
    lane.reap(inFlight, timeoutNanos);
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

  DirectIoException whyForbidden() {
    return whyForbidden;
  }

  void waitFor(String what) {
    waitingFor = what;
  }

  String waitingFor() {
    return waitingFor;
  }
}
