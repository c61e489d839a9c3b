package io.dioagent.runtime.device;

import io.dioagent.runtime.base.Defects;
import io.dioagent.runtime.base.Permits;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * Submissions of one device, each a call of io_submit(2) that may get stuck, made by few threads:
 * where many wait for their writes, one thread goes from one to the next without being woken for
 * each. It stays a while when there is none. A submission that nobody has begun for a moment gets
 * another thread, for those that are at it may be stuck.
 *
 * <p>Thread-safe. A submission is made by whoever takes it out of the queue, or belongs to its
 * caller again if that takes it out ({@link #withdraw}).
 */
public final class SubmissionQueue {
  private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** For one thread; with more, more processors are used, up to half of them. */
  private static final int BACKLOG = 8;

  private static final int MOST_BUSY = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);

  private final Executor threads;

  /** Of threads that may get stuck. */
  private final Permits permits;

  private final ConcurrentLinkedQueue<Runnable> queue = new ConcurrentLinkedQueue<>();

  /** How many are in the queue; for a moment also fewer. */
  private final AtomicInteger waiting = new AtomicInteger();

  private final AtomicInteger workers = new AtomicInteger();

  /** Waits for a submission; whoever takes it out of here wakes it. */
  private final AtomicReference<Worker> idle = new AtomicReference<>();

  SubmissionQueue(Executor threads, Permits permits) {
    this.threads = threads;
    this.permits = permits;
  }

  /**
   * Has a submission made soon; does not wait.
   *
   * @throws OutOfMemoryError if the system has no thread for it; it has not been made
   */
  public void add(Runnable submission) {
    queue.add(submission);
    waiting.incrementAndGet();
    try {
      callWorker();
    } catch (OutOfMemoryError e) {
      if (withdraw(submission)) {
        throw e;
      }
    }
  }

  /** Takes a submission back; false if somebody has begun it. */
  public boolean withdraw(Runnable submission) {
    boolean mine = queue.remove(submission);
    if (mine) {
      waiting.decrementAndGet();
    }
    return mine;
  }

  private void callWorker() {
    Worker one = idle.get();
    if (one != null) {
      if (idle.compareAndSet(one, null)) {
        LockSupport.unpark(one.thread);
      }
      return; // Whoever was faster wakes it, and it looks at the queue then.
    }
    int busy = workers.get();
    if (busy == 0 || (busy < MOST_BUSY && waiting.get() > BACKLOG * busy)) {
      startWorker(busy);
    }
  }

  /** By a caller whose submission nobody has begun: the threads may be stuck. */
  public void help() {
    if (!queue.isEmpty()) {
      try {
        startWorker(workers.get());
      } catch (OutOfMemoryError e) {
        return; // Asked again.
      }
    }
  }

  /** Unless somebody else starts one at the same time. */
  private void startWorker(int before) {
    if (!permits.tryAcquire()) {
      return;
    }
    boolean counted = false;
    boolean started = false;
    try {
      counted = workers.compareAndSet(before, before + 1);
      if (counted) {
        threads.execute(new Worker());
        started = true;
      }
    } finally {
      if (counted && !started) {
        workers.decrementAndGet();
      }
      if (!started) {
        permits.release();
      }
    }
  }

  private final class Worker implements Runnable {
    private volatile Thread thread;

    @Override
    public void run() {
      try {
        thread = Thread.currentThread();
        do {
          for (Runnable next; (next = queue.poll()) != null; ) {
            waiting.decrementAndGet();
            runOne(next);
          }
        } while (awaitMore());
      } finally {
        workers.decrementAndGet();
        permits.release();
        callForTheRest();
      }
    }

    private void runOne(Runnable submission) {
      try {
        submission.run();
      } catch (RuntimeException | Error e) {
        Defects.log(Defects.At.QUEUED_SUBMISSION, submission, e);
      }
    }

    /** For one that came while this one was counted. */
    private void callForTheRest() {
      try {
        if (!queue.isEmpty()) {
          callWorker();
        }
      } catch (OutOfMemoryError | RejectedExecutionException e) {
        return; // The system has no more threads: its caller asks again.
      }
    }

    /** False if nothing came for a while, or another one waits already. */
    private boolean awaitMore() {
      if (!idle.compareAndSet(null, this)) {
        return false;
      }
      long until = System.nanoTime() + IDLE_NANOS;
      long left;
      while (idle.get() == this && queue.isEmpty() && (left = until - System.nanoTime()) > 0) {
        LockSupport.parkNanos(this, left);
      }
      boolean unused = idle.compareAndSet(this, null);
      return !queue.isEmpty();
    }
  }
}
