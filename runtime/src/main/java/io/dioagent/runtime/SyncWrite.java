package io.dioagent.runtime;

import io.dioagent.runtime.linux.Linux;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * One write whose caller waits for it: from its plan to its one ending.
 *
 * <pre>
 * caller              copy into buffers; if all is aligned, have it submitted, and reap: submit itself
 *   |                 where that cannot get stuck, or the caller waits for as long as it takes anyway;
 *   |                 else have a submitter thread do just that ({@link Submission})
 *   | all done: finish
 *   | not all done
 *   v
 * submitter thread    what is left, waiting wherever the kernel makes it wait; finish
 *
 * watchdog            what a caller left in flight when the deadline passed; drained
 * </pre>
 *
 * <p>Owned in that order. A caller whose write a submitter thread has meets it in the request's
 * state (deadline against ending) and in {@link #isEnded}; one whose I/Os it submits, in the
 * submission's state.
 */
final class SyncWrite extends WriteRequest {
  /** While a submission may not have returned, completions are waited for so long at a time. */
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  /** Parts whose bytes are in place. */
  private int inPlace;

  /** Of these, parts that a submitter thread has submitted, or was to. */
  private int handedOver;

  /** The last one by a submitter thread; null if there was none. */
  private Submission submission;

  /** Ended it with some of it submitted; null for none. */
  private Throwable defect;

  private volatile Thread waiter;

  private SyncWrite(
      DirectFile file,
      Lane lane,
      RequestInfo request,
      NativeBuffer[] buffers,
      Parts parts,
      PageClaim claim,
      long appendPosition,
      Origin origin) {
    super(file, lane, request, buffers, parts, claim, appendPosition, origin);
  }

  /**
   * Writes a segment, and waits until that has ended or its deadline has passed.
   *
   * @param sourceOffset first byte of the segment in the source
   * @param appendPosition where the descriptor appends, as pwritev2(2) takes it; unused unless the
   *     file is open for appending
   * @param origin of the write that it is a segment of
   * @return bytes written, or a negative errno
   * @throws IOException if the deadline passed, or nothing could be started
   * @throws InternalError if the source could not be read, and nothing was written
   * @throws RuntimeException or any other Error, if nothing was submitted
   */
  static long write(
      DirectFile file,
      WriteSource source,
      long sourceOffset,
      long lengthBytes,
      long position,
      long appendPosition,
      Origin origin)
      throws IOException {
    SyncWrite write =
        begin(
            file,
            position,
            lengthBytes,
            origin,
            lane -> planned(file, lane, lengthBytes, position, appendPosition, origin));
    try {
      return write.run(source, position - sourceOffset);
    } catch (RuntimeException | Error e) {
      if (write.inPlace == 0) {
        throw e; // Nothing was submitted.
      }
      throw Failures.defect(e);
    }
  }

  private static SyncWrite planned(
      DirectFile file,
      Lane lane,
      long lengthBytes,
      long position,
      long appendPosition,
      Origin origin)
      throws IOException {
    DirectRuntime runtime = file.runtime();
    int align = file.alignBytes();
    int piece = Math.max(runtime.pieceBytes(), align);
    List<WritePlan.Part> plan =
        WritePlan.cut(position, lengthBytes, align, piece, file.ability().whyBuffered(lane));
    file.failures().refuseIfForbidden(plan);
    int count = WritePlan.buffers(position, lengthBytes, align, piece);
    int used = (int) Math.min(piece, (position & (align - 1)) + lengthBytes);
    NativeBuffer[] buffers =
        file.deadline()
            .waitFor(
                position,
                lengthBytes,
                origin,
                limit -> file.device().acquireMemory(count, used, limit),
                () -> "no buffer memory was free; " + runtime.buffers().describe());
    PageClaim claim = PageClaim.of(file, plan);
    SyncWrite made = null;
    try {
      file.deadline().claim(claim, position, lengthBytes, origin);
      RequestInfo request = enter(file, lane, position, lengthBytes);
      Parts parts = new Parts(plan, buffers);
      made = new SyncWrite(file, lane, request, buffers, parts, claim, appendPosition, origin);
      return made;
    } finally {
      if (made == null) {
        file.node().claims().release(claim);
        file.device().release(buffers);
      }
    }
  }

  /**
   * Writes what lies in buffers already, and waits until that has ended or its deadline has passed.
   * The buffers are given back in any case.
   *
   * @throws IOException if not all of it is in the file
   */
  static void write(Chunks chunks) throws IOException {
    SyncWrite write = chunks.begin(SyncWrite::new);
    write.inPlace = write.parts().count();
    long unused = write.run(null, 0);
    IOException failure = write.failure();
    if (failure != null) {
      throw failure;
    }
  }

  /** By the caller. The source's first byte belongs at file offset sourceStart. */
  private long run(WriteSource source, long sourceStart) throws IOException {
    Object token = runtime().events().beginWrite();
    try {
      runByCaller(source, sourceStart);
      if (result() < 0 && direct().failure() != null) {
        throw direct().failure();
      }
      if (result() < 0 && defect != null) {
        throw Failures.defect(defect);
      }
      return result();
    } finally {
      long outcome = isEnded() ? result() : -Errno.ETIMEDOUT;
      long directBytes = isEnded() ? parts().directBytes() : 0;
      long bufferedBytes = isEnded() ? parts().bufferedBytes() : 0;
      runtime().wrote(token, request(), outcome, directBytes, bufferedBytes, direct().ios());
    }
  }

  private void runByCaller(WriteSource source, long sourceStart) throws IOException {
    boolean inTime;
    Submitter submitter = submitter();
    // It may get stuck itself, and so cannot tell.
    Watchdog.Ward overdue =
        submitter == Submitter.CALLER && !lane().honoursNowait() ? this::tellIfOverdue : null;
    if (overdue != null) {
      runtime().watchdog().add(overdue);
    }
    try {
      copyAndSubmit(submitter, source, sourceStart);
      inTime = reapAll();
    } catch (InternalError e) {
      // The source was a mapping whose file shrank: no byte from there on is written.
      inTime = reapAll();
      parts().failFrom(inPlace, Errno.EFAULT);
      if (inPlace == 0) {
        finish();
        throw e;
      }
    } catch (RuntimeException | Error e) {
      // A defect, or the source's: what has been submitted ends in its own way.
      inTime = reapAfterDefect();
      parts().failFrom(0, Errno.EIO);
      dio().pending(Errno.EIO);
      if (inPlace == 0) {
        finish();
        throw e;
      }
      defect = e;
      runtime().defect("write of " + request(), e);
    } finally {
      if (overdue != null) {
        runtime().watchdog().remove(overdue);
      }
    }
    if (!inTime) {
      IOException lost = giveUp();
      throw defect == null ? lost : Failures.defect(defect);
    }
    if (parts().firstOpen() >= 0 || mayCollide()) {
      waitForSubmitterThread();
    } else {
      finish();
    }
  }

  /** What is in flight is left behind; what was never submitted is not. */
  private IOException giveUp() {
    if (submission != null && submission.withdraw()) {
      boolean untouched = parts().handledBytes() == 0;
      direct().dropQueued();
      submission = null;
      if (untouched && direct().inFlight() == 0) {
        IOException lost = release(false);
        endUnstarted();
        return lost;
      }
    }
    IOException lost = release(true);
    if (submission == null || !submission.leave()) {
      endLeftBehind();
    }
    return lost;
  }

  /** Who submits what is all aligned. */
  private enum Submitter {
    CALLER,
    THREAD,
    /** Not before it waits for all that has to wait. */
    LATER
  }

  private Submitter submitter() {
    if (!parts().allDirect() || !file().ability().mayTryNowait()) {
      return Submitter.LATER;
    }
    if (lane().honoursNowait() || file().policy().onLost() == OnLost.REPORT) {
      return Submitter.CALLER;
    }
    boolean besideReaper = !lane().endsOnSubmitter() && file().descriptors().anchor();
    return besideReaper ? Submitter.THREAD : Submitter.LATER;
  }

  /**
   * Piece by piece, so that the device works while the next one is copied. What is copied while a
   * submitter thread is at it goes together, when that has returned.
   */
  private void copyAndSubmit(Submitter submitter, WriteSource source, long sourceStart) {
    // Who may wait does so at once; but what extends the file must be in order, one by one.
    boolean mayWait = parts().count() == 1 && !lane().honoursNowait();
    int flags = mayWait ? 0 : Linux.RWF_NOWAIT;
    boolean byThread = submitter == Submitter.THREAD;
    for (int i = 0; i < parts().count(); i++) {
      Part part = parts().get(i);
      if (i >= inPlace) {
        part.copyFrom(source, sourceStart);
        inPlace = i + 1;
      }
      if (submitter == Submitter.CALLER) {
        if (lane().freeSlots() > 0 && direct().queue(part, flags)) {
          direct().submit();
        }
      } else if (byThread && hasReturned() && handedOver < inPlace) {
        byThread = submitByThread(flags);
      }
    }
    if (byThread && handedOver < inPlace) {
      boolean unused = submitByThread(flags); // If not, all that is left waits in one go.
    }
  }

  /** By the watchdog, while a caller that is never released submits for itself. */
  private boolean tellIfOverdue() {
    boolean overdue =
        lane().isSubmitting()
            && origin()
                .patience()
                .isSpentInRounds(
                    runtime().watchdog().restNanos(), deadlineNanos(), () -> Patience.Cause.DEVICE);
    if (overdue) {
      tellLost(true);
    }
    return overdue;
  }

  /**
   * Has a thread submit what is in place, once the last submission has returned.
   *
   * @return false if there is no slot, or no time for all of it
   */
  private boolean submitByThread(int flags) {
    if (submission != null && !submission.await(limit())) {
      return false;
    }
    int before = handedOver;
    while (handedOver < inPlace
        && lane().freeSlots() > 0
        && direct().queue(parts().get(handedOver), flags)) {
      handedOver++;
    }
    if (handedOver == before) {
      return false;
    }
    SubmissionQueue submissions = file().device().submissions();
    submission = new Submission(this, submissions);
    try {
      submissions.add(submission);
    } catch (OutOfMemoryError e) {
      // The process can have no more threads: the caller may get stuck, as without us.
      runtime().defect("start of a submitter thread", e);
      submission.run();
    }
    return handedOver == inPlace;
  }

  private boolean hasReturned() {
    return submission == null || submission.hasReturned();
  }

  private boolean isAllIn() {
    return hasReturned() && direct().inFlight() == 0;
  }

  /** Of a wait that begins now, for what is handed to the kernel, or is to be. */
  private Limit limit() {
    return origin().patience().limit(this::deadlineNanos, this::whyOut);
  }

  private Patience.Cause whyOut() {
    return hasReturned() ? direct().whyInFlight() : submission.whyOut();
  }

  /** False if the deadline passed and the caller is to be released. */
  private boolean reapAll() {
    Limit limit = isAllIn() ? Limit.NOW : limit();
    while (!isAllIn()) {
      long left = limit.leftNanos();
      if (left > 0) {
        reap(left);
        continue;
      }
      askOnceMore();
      if (isAllIn()) {
        return true;
      }
      if (file().policy().onLost() == OnLost.FAIL) {
        return false;
      }
      tellLost(true);
      limit = Limit.FOREVER;
    }
    return true;
  }

  /** As {@link #reapAll}; what cannot be reaped, either, stays quarantined. */
  private boolean reapAfterDefect() {
    try {
      return reapAll();
    } catch (RuntimeException | Error e) {
      return isAllIn();
    }
  }

  /** The kernel may have had it all along, and this thread not have looked. */
  private void askOnceMore() {
    if (hasReturned()) {
      direct().takeRefusals();
    }
    direct().reapAllThere();
  }

  private void reap(long timeoutNanos) {
    if (hasReturned()) {
      direct().takeRefusals();
      if (direct().inFlight() > 0) {
        direct().reap(timeoutNanos);
      }
    } else if (direct().inFlight() > 0) {
      direct().reap(Math.min(timeoutNanos, LOOK_NANOS));
      submission.lookAfter();
    } else {
      boolean unused = submission.await(Limit.until(System.nanoTime() + timeoutNanos));
    }
  }

  private void waitForSubmitterThread() throws IOException {
    direct().waitFor("a submitter thread");
    waiter = Thread.currentThread();
    if (!startSubmitterThread()) {
      IOException lost = release(false);
      endUnstarted();
      throw lost;
    }
    Limit limit = origin().patience().limit(this::deadlineNanos, this::whyOnThread);
    boolean interrupted = false;
    try {
      while (!isEnded()) {
        long left = limit.leftNanos();
        if (left > 0) {
          LockSupport.parkNanos(this, left);
          interrupted |= Thread.interrupted();
        } else if (file().policy().onLost() == OnLost.FAIL) {
          IOException lost = isEnded() ? null : release(true);
          if (lost != null) {
            throw lost;
          }
          limit = Limit.FOREVER;
        } else {
          tellLost(true);
          limit = Limit.FOREVER;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /**
   * Hands over to a submitter thread. Where the process can have no more descriptors or threads the
   * caller goes on itself, and waits as long as the kernel makes it wait: as without us.
   *
   * @return false if none was free before the deadline
   */
  private boolean startSubmitterThread() {
    try {
      if (file().descriptors().anchor()) {
        Limit limit = file().deadline().limit(origin());
        boolean started = file().device().execute(this::runToTheEnd, limit);
        if (started || file().policy().onLost() == OnLost.FAIL) {
          return started;
        }
        tellLost(true);
        return file().device().execute(this::runToTheEnd, Limit.FOREVER);
      }
    } catch (OutOfMemoryError e) {
      runtime().defect("start of a submitter thread", e);
    }
    runToTheEnd();
    return true;
  }

  @Override
  void endedInTime() {
    LockSupport.unpark(waiter);
  }
}
