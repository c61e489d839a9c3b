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
 * Submissions of one device, each a call of io_submit(2) that may get stuck, made by few threads.
 * While many callers wait for their writes, one thread makes one submission after the other without
 * a wake-up for each. It stays a while after the last one. A submission that no thread has begun
 * for a moment gets another thread, because the present ones may be stuck.
 *
 * <p>Thread-safe. The thread that takes a submission out of the queue makes it. If its caller takes
 * it out ({@link #withdraw}), it belongs to the caller again.
 */
public final class SubmissionQueue {
  private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** Limits the queue of one thread; beyond it, up to half of the processors are used. */
  private static final int BACKLOG = 8;

  private static final int MOST_BUSY = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);

  private final Executor threads;

  /** Permits for threads that may get stuck. */
  private final Permits permits;

  private final ConcurrentLinkedQueue<Runnable> queue = new ConcurrentLinkedQueue<>();

  /** Length of the queue; for a moment possibly less. */
  private final AtomicInteger waiting = new AtomicInteger();

  private final AtomicInteger workers = new AtomicInteger();

  /** A worker that waits for a submission. The thread that removes it from here wakes it. */
  private final AtomicReference<Worker> idle = new AtomicReference<>();

  SubmissionQueue(Executor threads, Permits permits) {
    this.threads = threads;
    this.permits = permits;
  }

  /**
   * Queues a submission that a thread makes soon; does not wait.
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

  /** Takes a submission back; false if a thread has begun it. */
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
      return; // Another thread removed it first and wakes it; it checks the queue then.
    }
    int busy = workers.get();
    if (busy == 0 || (busy < MOST_BUSY && waiting.get() > BACKLOG * busy)) {
      startWorker(busy);
    }
  }

  /**
   * Starts another worker. Called if no thread has begun the caller's submission: the threads may
   * be stuck.
   */
  public void help() {
    if (!queue.isEmpty()) {
      try {
        startWorker(workers.get());
      } catch (OutOfMemoryError e) {
        return; // The caller calls again.
      }
    }
  }

  /** Starts a worker, unless another thread starts one at the same time. */
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
            try {
              next.run();
            } catch (RuntimeException | Error e) {
              Defects.log(Defects.At.QUEUED_SUBMISSION, next, e);
            }
          }
        } while (awaitMore());
      } finally {
        workers.decrementAndGet();
        permits.release();
        callForTheRest();
      }
    }

    /** Calls a worker for submissions queued while this worker still counted. */
    private void callForTheRest() {
      try {
        if (!queue.isEmpty()) {
          callWorker();
        }
      } catch (OutOfMemoryError | RejectedExecutionException e) {
        return; // The system has no more threads: the caller calls again.
      }
    }

    /**
     * Waits for a submission. Returns false if none came for a while, or another worker waits
     * already.
     */
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
