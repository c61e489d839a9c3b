package io.dioagent.runtime.write;

import io.dioagent.runtime.api.Errno;
import io.dioagent.runtime.api.OnLost;
import io.dioagent.runtime.api.RequestInfo;
import io.dioagent.runtime.api.WriteSource;
import io.dioagent.runtime.base.Defects;
import io.dioagent.runtime.base.Limit;
import io.dioagent.runtime.base.Origin;
import io.dioagent.runtime.base.Patience;
import io.dioagent.runtime.base.WaitingFor;
import io.dioagent.runtime.device.Lane;
import io.dioagent.runtime.device.RuntimeContext;
import io.dioagent.runtime.device.SubmissionQueue;
import io.dioagent.runtime.device.Watchdog;
import io.dioagent.runtime.file.Failures;
import io.dioagent.runtime.file.FileContext;
import io.dioagent.runtime.file.PageClaim;
import io.dioagent.runtime.linux.Linux;
import io.dioagent.runtime.memory.NativeBuffer;
import io.dioagent.runtime.plan.Part;
import io.dioagent.runtime.plan.Parts;
import io.dioagent.runtime.plan.WritePlan;
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
 *   |                 otherwise have a submitter thread do so ({@link Submission})
 *   | all done: finish
 *   | not all done
 *   v
 * submitter thread    writes the rest, waiting wherever the kernel makes it wait; finish
 *
 * watchdog            drains the I/Os that a caller left in flight when the deadline passed
 * </pre>
 *
 * <p>Owned in that order. A caller meets a submitter thread that runs its write in the request's
 * state (deadline against ending) and in {@link #isEnded}; a thread that submits its I/Os, in the
 * submission's state.
 */
public final class SyncWrite extends WriteRequest {
  /**
   * Longest wait for completions while a submission may not have returned; past it, the submission
   * is looked after.
   */
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  /** Parts whose bytes are in place. */
  private int inPlace;

  /** Of these, parts that a submitter thread has submitted, or was to. */
  private int handedOver;

  /** The last submission by a submitter thread; null if there was none. */
  private Submission submission;

  private volatile Thread waiter;

  /**
   * Limit of the waits for I/Os that are handed to the kernel, or are to be; one wait after the
   * other.
   */
  private final Limit limit = origin().patience().limit(this::deadlineNanos, this::whyOut);

  private SyncWrite(
      FileContext file,
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
   */
  static long write(
      FileContext file,
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
    return write.run(source, position - sourceOffset);
  }

  private static SyncWrite planned(
      FileContext file,
      Lane lane,
      long lengthBytes,
      long position,
      long appendPosition,
      Origin origin)
      throws IOException {
    RuntimeContext runtime = file.runtime();
    int align = file.alignBytes();
    int piece = Math.max(runtime.pieceBytes(), align);
    List<WritePlan.Part> plan =
        WritePlan.cut(position, lengthBytes, align, piece, file.ability().whyBuffered(lane));
    file.failures().refuseIfForbidden(plan);
    int count = WritePlan.buffers(position, lengthBytes, align, piece);
    int used = (int) Math.min(piece, (position & (align - 1)) + lengthBytes);
    PageClaim claim = PageClaim.of(file, plan);
    NativeBuffer[] buffers =
        file.deadline()
            .waitFor(
                position,
                lengthBytes,
                origin,
                limit -> file.device().acquireMemory(count, used, limit),
                () -> "no buffer memory was free; " + runtime.buffers().describe());
    SyncWrite made = null;
    try {
      file.deadline().claim(claim, position, lengthBytes, origin);
      RequestInfo request = name(file, lane, position, lengthBytes);
      Parts parts = new Parts(plan, buffers);
      SyncWrite write =
          new SyncWrite(file, lane, request, buffers, parts, claim, appendPosition, origin);
      write.enter();
      made = write;
      return made;
    } finally {
      if (made == null) {
        file.node().claims().release(claim);
        file.device().release(buffers);
      }
    }
  }

  /** Bytes that are in buffers already. */
  public interface InPlace {
    /**
     * Makes a request of them; if that fails, the buffers are given back.
     *
     * @throws IOException if it cannot be made
     */
    SyncWrite begin(Constructor<SyncWrite> constructor) throws IOException;
  }

  /**
   * Writes bytes that are in buffers already, and waits until that has ended or its deadline has
   * passed. The buffers are given back in any case.
   *
   * @throws IOException if not all of it is in the file
   */
  public static void writeInPlace(InPlace bytes) throws IOException {
    SyncWrite write = bytes.begin(SyncWrite::new);
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
      if (isEnded() && direct().thrown() != null) {
        throw thrown(direct().thrown());
      }
      if (result() < 0 && direct().failure() != null) {
        throw direct().failure();
      }
      return result();
    } finally {
      long outcome = isEnded() ? result() : -Errno.ETIMEDOUT;
      long directBytes = isEnded() ? parts().directBytes() : 0;
      long bufferedBytes = isEnded() ? parts().bufferedBytes() : 0;
      runtime().wrote(token, request(), outcome, directBytes, bufferedBytes, direct().ios());
    }
  }

  /**
   * Returns the exception of a failure in this process. With nothing submitted the failure is
   * thrown as it is.
   */
  private IOException thrown(Throwable cause) {
    boolean untouched = direct().ios() == 0 && parts().bufferedBytes() == 0;
    if (untouched && cause instanceof RuntimeException e) {
      throw e;
    }
    if (untouched && cause instanceof Error e) {
      throw e;
    }
    return file().failures().thrown(Failures.WRITE, cause);
  }

  private void runByCaller(WriteSource source, long sourceStart) throws IOException {
    boolean inTime;
    try {
      copyAndSubmitWatched(source, sourceStart);
      inTime = reapAll();
    } catch (InternalError e) {
      // The source was a mapping whose file shrank: no byte from there on is written.
      inTime = reapWhatever();
      parts().failFrom(inPlace, Errno.EFAULT);
      if (inPlace == 0) {
        finish();
        throw e;
      }
    } catch (RuntimeException | Error e) {
      // By the source, a full heap, or a defect: it is thrown to the caller, once nothing is in
      // flight.
      inTime = endWith(e);
      Defects.log(Defects.At.WRITE, request(), e);
    }
    if (!inTime) {
      throw giveUp();
    }
    if (needsThread()) {
      waitForSubmitterThread();
    } else {
      endHere();
    }
  }

  private void copyAndSubmitWatched(WriteSource source, long sourceStart) {
    Submitter submitter = submitter();
    // It may get stuck itself, and then cannot report.
    Watchdog.Ward overdue =
        submitter == Submitter.CALLER && !lane().honoursNowait() ? this::reportIfOverdue : null;
    try {
      if (overdue != null) {
        runtime().watchdog().add(overdue);
      }
      copyAndSubmit(submitter, source, sourceStart);
    } finally {
      if (overdue != null) {
        runtime().watchdog().remove(overdue);
      }
    }
  }

  private boolean needsThread() {
    try {
      return direct().thrown() == null && (parts().firstOpen() >= 0 || mayCollide());
    } catch (RuntimeException | Error e) {
      direct().threw(e);
      return false;
    }
  }

  /** With nothing in flight: a failure in this process fails the rest. */
  private void endHere() {
    if (direct().thrown() != null) {
      int errno = Defects.errno(direct().thrown());
      parts().failFrom(0, errno);
      dio().pending(errno);
    }
    finish();
  }

  /** Nothing more is submitted. False if the deadline passed, as {@link #reapAll}. */
  private boolean endWith(Throwable failure) {
    direct().threw(failure);
    if (submission == null || submission.hasReturned() || submission.withdraw()) {
      submission = null;
      direct().dropUnsubmitted();
    }
    return reapWhatever();
  }

  /** As {@link #reapAll}, but goes on whatever is thrown. */
  private boolean reapWhatever() {
    while (true) {
      try {
        return reapAll();
      } catch (RuntimeException | Error e) {
        direct().threw(e);
      }
    }
  }

  /** Leaves I/Os in flight behind, but none that were never submitted. */
  private IOException giveUp() {
    if (submission != null && submission.withdraw()) {
      boolean untouched = parts().handledBytes() == 0;
      direct().dropQueued();
      submission = null;
      if (untouched && direct().inFlight() == 0) {
        try {
          return release(false);
        } finally {
          endUnstarted();
        }
      }
    }
    try {
      return release(true);
    } finally {
      if (submission == null || !submission.leave()) {
        endLeftBehind();
      }
    }
  }

  /** The submitter of a write whose parts are all aligned. */
  private enum Submitter {
    CALLER,
    THREAD,
    /** The submitter thread that waits for all parts that have to wait. */
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
   * Piece by piece, so that the device works while the next one is copied. Parts copied while a
   * submitter thread submits go together, when that has returned.
   */
  private void copyAndSubmit(Submitter submitter, WriteSource source, long sourceStart) {
    // A write that may wait does so at once; but parts that extend the file must go in order, one
    // by one.
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
      boolean unused = submitByThread(flags); // If not, the rest waits in one go.
    }
  }

  /** By the watchdog, while a caller that is never released submits for itself. */
  private boolean reportIfOverdue() {
    boolean overdue =
        lane().isSubmitting()
            && origin()
                .patience()
                .isSpentInRounds(
                    runtime().watchdog().restNanos(), deadlineNanos(), () -> Patience.Cause.DEVICE);
    if (overdue) {
      reportLost(true);
    }
    return overdue;
  }

  /**
   * Has a thread submit the parts in place, once the last submission has returned.
   *
   * @return false if there is no slot, or no time for all of it
   */
  private boolean submitByThread(int flags) {
    if (submission != null && !submission.await(limit())) {
      return false;
    }
    SubmissionQueue submissions = file().device().submissions();
    Submission next = new Submission(this, submissions);
    int before = handedOver;
    while (handedOver < inPlace
        && lane().freeSlots() > 0
        && direct().queue(parts().get(handedOver), flags)) {
      handedOver++;
    }
    if (handedOver == before) {
      return false;
    }
    submission = next;
    try {
      submissions.add(submission);
    } catch (OutOfMemoryError e) {
      // The process can have no more threads: the caller may get stuck, as without the runtime.
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

  /**
   * Returns the limit of a wait that begins now, for I/Os that are handed to the kernel, or are to
   * be.
   */
  private Limit limit() {
    origin().patience().resume();
    return limit;
  }

  private Patience.Cause whyOut() {
    return hasReturned() ? direct().whyInFlight() : submission.whyOut();
  }

  /** False if the deadline passed and the caller is to be released. */
  private boolean reapAll() {
    Limit wait = isAllIn() ? Limit.NOW : limit();
    while (!isAllIn()) {
      long left = wait.leftNanos();
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
      reportLost(true);
      wait = Limit.FOREVER;
    }
    return true;
  }

  /** The completion may have been there without a look of this thread. */
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
      boolean unused = submission.await(Math.min(timeoutNanos, LOOK_NANOS));
    }
  }

  private void waitForSubmitterThread() throws IOException {
    direct().waitFor(WaitingFor.SUBMITTER_THREAD);
    waiter = Thread.currentThread();
    Limit turn;
    Runnable task;
    try {
      turn = origin().patience().limit(this::deadlineNanos, this::whyOnThread);
      task = this::runToTheEnd;
    } catch (OutOfMemoryError e) {
      direct().threw(e);
      endHere();
      return;
    }
    if (!startSubmitterThread(task)) {
      try {
        throw release(false);
      } finally {
        endUnstarted();
      }
    }
    awaitEnd(turn);
  }

  private void awaitEnd(Limit turn) throws IOException {
    Limit wait = turn;
    origin().patience().resume();
    boolean interrupted = false;
    try {
      while (!isEnded()) {
        long left = leftNanos(wait);
        if (left > 0) {
          LockSupport.parkNanos(this, left);
          interrupted |= Thread.interrupted();
        } else if (file().policy().onLost() == OnLost.FAIL) {
          IOException lost = isEnded() ? null : release(true);
          if (lost != null) {
            throw lost;
          }
          wait = Limit.FOREVER;
        } else {
          reportLost(true);
          wait = Limit.FOREVER;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** A look at the deadline may allocate; the write is owned by another thread by now, and ends. */
  private static long leftNanos(Limit wait) {
    try {
      return wait.leftNanos();
    } catch (OutOfMemoryError e) {
      return LOOK_NANOS;
    }
  }

  /**
   * Hands over to a submitter thread. If the process can have no more descriptors or threads the
   * caller goes on itself, and waits as long as the kernel makes it wait: as without the runtime.
   *
   * @return false if none was free before the deadline
   */
  private boolean startSubmitterThread(Runnable task) {
    try {
      if (file().descriptors().anchor()) {
        Limit free = file().deadline().limit(origin());
        boolean started = file().device().execute(task, free);
        if (started || file().policy().onLost() == OnLost.FAIL) {
          return started;
        }
        reportLost(true);
        return file().device().execute(task, Limit.FOREVER);
      }
    } catch (OutOfMemoryError e) {
      // The process can have no more threads, or the heap is full: as without this runtime.
    }
    task.run();
    return true;
  }

  @Override
  protected void endedInTime() {
    LockSupport.unpark(waiter);
  }
}
