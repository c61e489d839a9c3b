package io.dioagent.runtime.write;

import io.dioagent.runtime.api.OnLost;
import io.dioagent.runtime.api.WriteSource;
import io.dioagent.runtime.base.Limit;
import io.dioagent.runtime.base.Patience;
import io.dioagent.runtime.device.Lane;
import io.dioagent.runtime.device.SubmissionQueue;
import io.dioagent.runtime.device.Watchdog;
import io.dioagent.runtime.linux.Linux;
import io.dioagent.runtime.plan.Parts;
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
  private final Lane lane;
  private final Parts parts;
  private final DirectTransfer direct;

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
    lane = write.lane();
    parts = write.parts();
    direct = write.direct();
    limit = write.request().origin().patience().limit(write.file().deadline()::nanos, this::whyOut);
  }

  int inPlace() {
    return inPlace;
  }

  /** All bytes are in place. */
  void allInPlace() {
    inPlace = parts.count();
  }

  /** The submitter of a write whose parts are all aligned. */
  private enum Submitter {
    CALLER,
    THREAD,
    /** The submitter thread that waits for all parts that have to wait. */
    LATER
  }

  private Submitter submitter() {
    if (!parts.allDirect() || !write.file().ability().mayTryNowait()) {
      return Submitter.LATER;
    }
    if (lane.honoursNowait() || write.file().policy().onLost() == OnLost.REPORT) {
      return Submitter.CALLER;
    }
    boolean besideReaper = !lane.endsOnSubmitter() && write.file().descriptors().anchor();
    return besideReaper ? Submitter.THREAD : Submitter.LATER;
  }

  /**
   * Piece by piece, so that the device works while the next one is copied. Parts copied while a
   * submitter thread submits go together, when that has returned.
   */
  void copyAndSubmit(WriteSource source, long sourceStart) {
    Submitter submitter = submitter();
    // It may get stuck itself, and then cannot report.
    Watchdog.Ward overdue =
        submitter == Submitter.CALLER && !lane.honoursNowait() ? this::reportIfOverdue : null;
    // A write that may wait does so at once; but parts that extend the file must go in order, one
    // by one.
    boolean mayWait = parts.count() == 1 && !lane.honoursNowait();
    int flags = mayWait ? 0 : Linux.RWF_NOWAIT;
    boolean byThread = submitter == Submitter.THREAD;
    try {
      if (overdue != null) {
        write.runtime().watchdog().add(overdue);
      }
      for (int i = 0; i < parts.count(); i++) {
        if (i >= inPlace) {
          parts.get(i).copyFrom(source, sourceStart);
          inPlace = i + 1;
        }
        if (submitter == Submitter.CALLER) {
          if (lane.freeSlots() > 0 && direct.queue(parts.get(i), flags)) {
            direct.submit(false);
          }
        } else if (byThread && hasReturned() && handedOver < inPlace) {
          byThread = submitByThread(flags);
        }
      }
      if (byThread && handedOver < inPlace) {
        boolean unused = submitByThread(flags); // If not, the rest waits in one go.
      }
    } finally {
      if (overdue != null) {
        write.runtime().watchdog().remove(overdue);
      }
    }
  }

  /** By the watchdog, while a caller that is never released submits for itself. */
  private boolean reportIfOverdue() {
    boolean overdue =
        lane.isSubmitting() && write.request().isSpentInRounds(() -> Patience.Cause.DEVICE);
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
        && lane.freeSlots() > 0
        && direct.queue(parts.get(handedOver), flags)) {
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
    return hasReturned() && direct.inFlight() == 0;
  }

  /**
   * Returns the limit of a wait that begins now, for I/Os that are handed to the kernel, or are to
   * be.
   */
  private Limit limit() {
    write.request().origin().patience().resume();
    return limit;
  }

  private Patience.Cause whyOut() {
    return hasReturned() ? direct.whyInFlight() : submission.whyOut();
  }

  /** False if the deadline passed and the caller is to be released. */
  boolean reapAll() {
    Limit wait = isAllIn() ? Limit.NOW : limit();
    while (!isAllIn()) {
      long left = wait.leftNanos();
      if (left <= 0) {
        askOnceMore();
        if (isAllIn()) {
          return true;
        }
        if (write.file().policy().onLost() == OnLost.FAIL) {
          return false;
        }
        write.reportLost(true);
        wait = Limit.FOREVER;
      } else if (hasReturned()) {
        direct.takeRefusals();
        if (direct.inFlight() > 0) {
          lane.reap(direct.inFlight(), left);
        }
      } else if (direct.inFlight() > 0) {
        lane.reap(direct.inFlight(), Math.min(left, LOOK_NANOS));
        submission.lookAfter();
      } else {
        boolean unused = submission.await(Math.min(left, LOOK_NANOS));
      }
    }
    return true;
  }

  /** The completion may have been there without a look of this thread. */
  private void askOnceMore() {
    if (hasReturned()) {
      direct.takeRefusals();
    }
    direct.reapAllThere();
  }

  /** Nothing more is submitted. False if the deadline passed, as {@link #reapAll}. */
  boolean endWith(Throwable failure) {
    direct.threw(failure);
    if (submission == null || submission.hasReturned() || submission.withdraw()) {
      submission = null;
      direct.dropUnsubmitted();
    }
    return reapWhatever();
  }

  /** As {@link #reapAll}, but goes on whatever is thrown. */
  boolean reapWhatever() {
    while (true) {
      try {
        return reapAll();
      } catch (RuntimeException | Error e) {
        direct.threw(e);
      }
    }
  }

  /** Takes the last submission back, if no thread has begun it. */
  boolean withdraw() {
    return submission != null && submission.withdraw();
  }

  /** Drops the I/Os of a submission that was taken back. */
  void dropQueued() {
    direct.dropQueued();
    submission = null;
  }

  /** Leaves the write to the thread that submits; false if there is none. */
  boolean leave() {
    return submission != null && submission.leave();
  }
}
