package io.dioagent.runtime.write;

import io.dioagent.runtime.base.Defects;
import io.dioagent.runtime.base.Limit;
import io.dioagent.runtime.base.Patience;
import io.dioagent.runtime.device.SubmissionQueue;
import io.dioagent.runtime.device.Worker;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * One submission of a write's I/Os by a submitter thread, while the write's caller reaps them: the
 * thread may get stuck in io_submit(2), the caller may not, and is woken by the completion itself.
 *
 * <pre>
 * state       what happens                   next
 * SUBMITTING  io_submit returns              RETURNED   the write is the caller's again
 *             the caller's deadline passes   LEFT       all of it is the thread's, to end it when io_submit returns
 * </pre>
 *
 * <p>The one CAS decides which. While it waits in its queue the caller may take it back instead.
 * While SUBMITTING, the lane's queue and the refused I/Os are the thread's. Everything else is the
 * caller's, which neither queues anything more nor ends the write.
 */
final class Submission implements Runnable {
  /** A submission takes a few microseconds: as long as a park and an unpark. */
  private static final int SPINS = 500;

  private enum State {
    SUBMITTING,
    RETURNED,
    LEFT
  }

  /**
   * Time within which a submission begins; past it, its threads may be stuck, and the caller asks
   * for another one.
   */
  private static final long PROMPT_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private final BlockingWrite write;
  private final SubmissionQueue queue;

  private final Worker worker;
  private final long madeNanoTime = System.nanoTime();
  private final AtomicReference<State> state = new AtomicReference<>(State.SUBMITTING);

  /** The caller, once it waits for nothing but this. */
  private volatile Thread waiter;

  /** Submits all that the write has queued. */
  Submission(BlockingWrite write, SubmissionQueue queue) {
    this.write = write;
    this.queue = queue;
    worker = new Worker(write.file().device());
  }

  /** By the submitter thread. */
  @Override
  public void run() {
    worker.begins();
    try {
      write.direct().submit(true);
    } catch (RuntimeException | Error e) {
      // I/Os that were not submitted are refused, and go on as all refused ones.
      Defects.log(Defects.At.SUBMISSION, write.request().info(), e);
    }
    if (state.compareAndSet(State.SUBMITTING, State.RETURNED)) {
      LockSupport.unpark(waiter);
    } else {
      write.endLeftBehind();
    }
  }

  /** By the caller: whether the write is its own again. */
  boolean hasReturned() {
    return state.get() == State.RETURNED;
  }

  /** By the caller, now and then while it waits: makes sure that there is a thread. */
  void lookAfter() {
    if (!worker.hasBegun() && System.nanoTime() - madeNanoTime > PROMPT_NANOS) {
      queue.help();
    }
  }

  /** By the caller: returns the cause of its wait while this has not returned. */
  Patience.Cause whyOut() {
    return worker.why();
  }

  /** By the caller: takes it back; false if a thread has begun it. */
  boolean withdraw() {
    return queue.withdraw(this);
  }

  /**
   * By the caller: leaves the write to the submitter thread.
   *
   * @return false if that has returned before
   */
  boolean leave() {
    return state.compareAndSet(State.SUBMITTING, State.LEFT);
  }

  /**
   * By the caller: waits until the thread has returned. An interrupt does not end it.
   *
   * @return false if the limit came first
   */
  boolean await(Limit limit) {
    beginWait();
    boolean interrupted = false;
    try {
      while (!hasReturned()) {
        long left = limit.leftNanos();
        if (left <= 0) {
          return hasReturned();
        }
        interrupted |= awaitOnce(left);
      }
      return true;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** The same, for so long. */
  boolean await(long nanos) {
    beginWait();
    long until = System.nanoTime() + nanos;
    boolean interrupted = false;
    for (long left; !hasReturned() && (left = until - System.nanoTime()) > 0; ) {
      interrupted |= awaitOnce(left);
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return hasReturned();
  }

  /** From now on the calling thread is woken; most submissions return before that. */
  private void beginWait() {
    for (int i = 0; i < SPINS && !hasReturned(); i++) {
      Thread.onSpinWait();
    }
    waiter = Thread.currentThread();
  }

  /** Waits for a moment; whether the wait was interrupted. */
  private boolean awaitOnce(long nanos) {
    LockSupport.parkNanos(this, Math.min(nanos, PROMPT_NANOS));
    boolean interrupted = Thread.interrupted();
    lookAfter();
    return interrupted;
  }
}
