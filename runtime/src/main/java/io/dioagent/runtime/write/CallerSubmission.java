package io.dioagent.runtime.write;

import io.dioagent.runtime.api.OnLost;
import io.dioagent.runtime.api.WriteSource;
import io.dioagent.runtime.base.Limit;
import io.dioagent.runtime.base.Patience;
import io.dioagent.runtime.device.SubmissionQueue;
import io.dioagent.runtime.device.Watchdog;
import io.dioagent.runtime.linux.Linux;
import io.dioagent.runtime.plan.Part;
import java.util.concurrent.TimeUnit;

/**
 * Copies and submits the I/Os of a write whose caller waits, and reaps them: by the caller itself,
 * or by a submitter thread.
 *
 * <p>Used by the caller alone; it meets a submitter thread in the state of {@link Submission}.
 */
final class CallerSubmission {
  /**
   * Longest wait for completions while a submission may not have returned; past it, the submission
   * is looked after.
   */
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private final SyncWrite write;

  /** Parts whose bytes are in place. */
  private int inPlace;

  /** Of these, parts that a submitter thread has submitted, or was to. */
  private int handedOver;

  /** The last submission by a submitter thread; null if there was none. */
  private Submission submission;

  /**
   * Limit of the waits for I/Os that are handed to the kernel, or are to be; one wait after the
   * other.
   */
  private final Limit limit;

  CallerSubmission(SyncWrite write) {
    this.write = write;
    limit = write.origin().patience().limit(write::deadlineNanos, this::whyOut);
  }

  int inPlace() {
    return inPlace;
  }

  /** All bytes are in place. */
  void allInPlace() {
    inPlace = write.parts().count();
  }

  void copyAndSubmitWatched(WriteSource source, long sourceStart) {
    Submitter submitter = submitter();
    // It may get stuck itself, and then cannot report.
    Watchdog.Ward overdue =
        submitter == Submitter.CALLER && !write.lane().honoursNowait()
            ? this::reportIfOverdue
            : null;
    try {
      if (overdue != null) {
        write.runtime().watchdog().add(overdue);
      }
      copyAndSubmit(submitter, source, sourceStart);
    } finally {
      if (overdue != null) {
        write.runtime().watchdog().remove(overdue);
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
    if (!write.parts().allDirect() || !write.file().ability().mayTryNowait()) {
      return Submitter.LATER;
    }
    if (write.lane().honoursNowait() || write.file().policy().onLost() == OnLost.REPORT) {
      return Submitter.CALLER;
    }
    boolean besideReaper = !write.lane().endsOnSubmitter() && write.file().descriptors().anchor();
    return besideReaper ? Submitter.THREAD : Submitter.LATER;
  }

  /**
   * Piece by piece, so that the device works while the next one is copied. Parts copied while a
   * submitter thread submits go together, when that has returned.
   */
  private void copyAndSubmit(Submitter submitter, WriteSource source, long sourceStart) {
    // A write that may wait does so at once; but parts that extend the file must go in order, one
    // by one.
    boolean mayWait = write.parts().count() == 1 && !write.lane().honoursNowait();
    int flags = mayWait ? 0 : Linux.RWF_NOWAIT;
    boolean byThread = submitter == Submitter.THREAD;
    for (int i = 0; i < write.parts().count(); i++) {
      Part part = write.parts().get(i);
      if (i >= inPlace) {
        part.copyFrom(source, sourceStart);
        inPlace = i + 1;
      }
      if (submitter == Submitter.CALLER) {
        if (write.lane().freeSlots() > 0 && write.direct().queue(part, flags)) {
          write.direct().submit();
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
        write.lane().isSubmitting()
            && write
                .origin()
                .patience()
                .isSpentInRounds(
                    write.runtime().watchdog().restNanos(),
                    write.deadlineNanos(),
                    () -> Patience.Cause.DEVICE);
    if (overdue) {
      write.reportLost(true);
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
    SubmissionQueue submissions = write.file().device().submissions();
    Submission next = new Submission(write, submissions);
    int before = handedOver;
    while (handedOver < inPlace
        && write.lane().freeSlots() > 0
        && write.direct().queue(write.parts().get(handedOver), flags)) {
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
    return hasReturned() && write.direct().inFlight() == 0;
  }

  /**
   * Returns the limit of a wait that begins now, for I/Os that are handed to the kernel, or are to
   * be.
   */
  private Limit limit() {
    write.origin().patience().resume();
    return limit;
  }

  private Patience.Cause whyOut() {
    return hasReturned() ? write.direct().whyInFlight() : submission.whyOut();
  }

  /** False if the deadline passed and the caller is to be released. */
  boolean reapAll() {
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
      if (write.file().policy().onLost() == OnLost.FAIL) {
        return false;
      }
      write.reportLost(true);
      wait = Limit.FOREVER;
    }
    return true;
  }

  /** The completion may have been there without a look of this thread. */
  private void askOnceMore() {
    if (hasReturned()) {
      write.direct().takeRefusals();
    }
    write.direct().reapAllThere();
  }

  private void reap(long timeoutNanos) {
    if (hasReturned()) {
      write.direct().takeRefusals();
      if (write.direct().inFlight() > 0) {
        write.direct().reap(timeoutNanos);
      }
    } else if (write.direct().inFlight() > 0) {
      write.direct().reap(Math.min(timeoutNanos, LOOK_NANOS));
      submission.lookAfter();
    } else {
      boolean unused = submission.await(Math.min(timeoutNanos, LOOK_NANOS));
    }
  }

  /** Nothing more is submitted. False if the deadline passed, as {@link #reapAll}. */
  boolean endWith(Throwable failure) {
    write.direct().threw(failure);
    if (submission == null || submission.hasReturned() || submission.withdraw()) {
      submission = null;
      write.direct().dropUnsubmitted();
    }
    return reapWhatever();
  }

  /** As {@link #reapAll}, but goes on whatever is thrown. */
  boolean reapWhatever() {
    while (true) {
      try {
        return reapAll();
      } catch (RuntimeException | Error e) {
        write.direct().threw(e);
      }
    }
  }

  /** Takes the last submission back, if no thread has begun it. */
  boolean withdraw() {
    return submission != null && submission.withdraw();
  }

  /** Drops the I/Os of a submission that was taken back. */
  void dropQueued() {
    write.direct().dropQueued();
    submission = null;
  }

  /** Leaves the write to the thread that submits; false if there is none. */
  boolean leave() {
    return submission != null && submission.leave();
  }
}
