package io.dioagent.runtime.device;

import io.dioagent.runtime.api.Errno;
import io.dioagent.runtime.base.InFlightSource;
import io.dioagent.runtime.engine.AioContext;
import io.dioagent.runtime.engine.Completions;
import io.dioagent.runtime.engine.GatherList;
import io.dioagent.runtime.engine.KernelThread;
import io.dioagent.runtime.engine.PageCache;
import io.dioagent.runtime.engine.Submissions;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * One context of the engine with its ledger and the native memory for its calls. Owned by one
 * thread at a time. A writer borrows it and may hand it over with its request; the thread that ends
 * the request gives it back. So a submission or a reaping takes no lock, and a completion wakes no
 * other thread. The lane of asynchronous writes has two owners instead: one queues and submits, the
 * other reaps.
 */
public final class Lane {
  /**
   * Limits the retries of a full ring: doubling from 125 us, about half a second in all. Then the
   * rest is refused.
   */
  private static final int FULL_RING_TRIES = 12;

  private static final long FIRST_BACK_OFF_NANOS = TimeUnit.MICROSECONDS.toNanos(125);

  private final int depth;
  private final AioContext context;
  private final Ledger ledger;
  private final Submissions submissions;
  private final Completions completions;
  private final Io[] queuedIos;
  private final long[] queuedIds;
  private final GatherList gatherList = new GatherList();
  private final PageCache pageCache;
  private final int index;
  private final String toReturn;
  private final String notReturned;
  private long requests;

  /** During a submission: the first place of the queue that the kernel has not processed. */
  private int nextPlace;

  /** Null if submissions are not watched. */
  private StallWatch stalls;

  // Written by the submitting thread, read by the watchdog.

  /** Time at which the owner began a submission; 0 outside of one. Need not be visible at once. */
  private final AtomicLong submittingSinceNanoTime = new AtomicLong();

  /** The submitting thread; null if it is not known. */
  private volatile KernelThread submitter;

  /**
   * True if the submission took long and the kernel held its thread. Written by the watchdog, too.
   */
  private volatile boolean held;

  /**
   * The operations that use the lane; null if there are none. Written by the lane's owner, read by
   * any thread that lists operations in flight.
   */
  private volatile InFlightSource user;

  /** Guarded by the monitor of {@link LanePool}. */
  private Lane nextFree;

  /**
   * Makes a lane.
   *
   * @param depth I/Os in flight at once
   * @param reapMost completions taken at once, at least 1
   * @param context null if the engine has none: such a lane does buffered writes only
   */
  Lane(
      int index,
      int depth,
      int reapMost,
      AioContext context,
      PageCache pageCache,
      Ledger.Anomalies anomalies) {
    this.index = index;
    this.depth = depth;
    this.context = context;
    this.pageCache = pageCache;
    ledger = new Ledger(index, depth, anomalies);
    submissions = new Submissions(depth);
    completions = new Completions(reapMost);
    queuedIos = new Io[depth];
    queuedIds = new long[depth];
    toReturn = submittingCall() + " to return";
    notReturned = submittingCall() + " did not return";
  }

  public int depth() {
    return depth;
  }

  /** Sets the next free lane. Called by {@link LanePool}. */
  Lane nextFree() {
    return nextFree;
  }

  void setNextFree(Lane lane) {
    nextFree = lane;
  }

  /** Returns whether the lane has a context. */
  public boolean canGoDirect() {
    return context != null;
  }

  /** Returns whether a thread that must not get stuck may submit. */
  public boolean honoursNowait() {
    return context != null && context.honoursNowait();
  }

  /** As {@link AioContext#endsOnSubmitter}. */
  public boolean endsOnSubmitter() {
    return context != null && context.endsOnSubmitter();
  }

  /** As {@link AioContext#notifiesWatchers}. */
  public boolean notifiesWatchers() {
    return context == null || context.notifiesWatchers();
  }

  /** As {@link AioContext#waitsForThreads}. */
  public boolean waitsForThreads() {
    return context != null && context.waitsForThreads();
  }

  /** As {@link AioContext#submittingCall}. */
  public String submittingCall() {
    return context == null ? "a submission" : context.submittingCall();
  }

  /** Returns the reason of a wait inside a submission. */
  public String toReturn() {
    return toReturn;
  }

  /** Returns the reason of a submission that stalled. */
  public String notReturned() {
    return notReturned;
  }

  /**
   * Returns an id for a request, never given twice: lanes are not renumbered, and have 24 bits
   * here.
   */
  public long nextRequestId() {
    return (long) index << 40 | ++requests;
  }

  /**
   * Returns the best number of I/Os to submit together while others are queued behind them, for so
   * many in flight. It is small, so that the device begins at once and is not idle while the rest
   * is prepared. 4 KiB, 32 in flight: by 16 or more 115,000 a second, by 8 150,000, by 2 230,000,
   * one by one 200,000.
   */
  public static int batch(int inFlight) {
    return Math.max(1, inFlight / 16);
  }

  /** Sets the operations that use the lane from now on; null for none. */
  public void use(InFlightSource newUser) {
    user = newUser;
  }

  /** Returns the operations that use the lane; null if there are none. Any thread. */
  InFlightSource user() {
    return user;
  }

  public int inFlight() {
    return ledger.inFlightCount();
  }

  /** Returns how many more I/Os can be queued. */
  public int freeSlots() {
    return ledger.freeCount();
  }

  public PageCache pageCache() {
    return pageCache;
  }

  /** Returns the memory list of one buffered write, to be filled anew for each. */
  public GatherList gatherList() {
    return gatherList;
  }

  /** Queues one write for {@link #submit}. */
  public void queue(Io io, int fd, long address, int lengthBytes, long offset, int rwFlags) {
    long id = ledger.issue(io);
    int place = submissions.queued();
    queuedIos[place] = io;
    queuedIds[place] = id;
    submissions.put(Ledger.slotOf(id), id, io.request(), fd, address, lengthBytes, offset, rwFlags);
  }

  /**
   * Submits all that is queued. If the kernel accepts a part, submits the rest; tries a full ring
   * again, within a bound. An I/O that the kernel does not accept is {@link Io#refused}.
   *
   * @param thread the calling thread; null if it is not known
   * @param reaps whether the calling thread reaps a full ring; false if another thread does
   * @return for how long the kernel held the calling thread; 0 if it returned at once
   */
  public long submit(KernelThread thread, boolean reaps) {
    long before = beginSubmission(thread);
    int count = submissions.queued();
    int tries = 0;
    long backOffNanos = FIRST_BACK_OFF_NANOS;
    nextPlace = 0;
    try {
      while (nextPlace < count) {
        int taken = context.submit(submissions, nextPlace, count - nextPlace);
        if (taken > 0) {
          nextPlace += taken;
          tries = 0;
          backOffNanos = FIRST_BACK_OFF_NANOS;
        } else if (taken == -Errno.EAGAIN && ++tries < FULL_RING_TRIES) {
          if (!reaps || reap(0, 0) == 0) {
            LockSupport.parkNanos(backOffNanos);
            backOffNanos *= 2;
          }
        } else if (taken != -Errno.EINTR) {
          int refused = nextPlace++;
          ledger.end(queuedIds[refused], taken);
          queuedIos[refused].refused(-taken);
        }
      }
    } finally {
      try {
        dropFrom(nextPlace); // Left by a failure of this process; otherwise there is none.
      } finally {
        submittingSinceNanoTime.lazySet(0);
      }
    }
    return held ? System.nanoTime() - before : 0;
  }

  /** As {@link #submit(KernelThread, boolean)}, by a thread that is not known, and that reaps. */
  public long submit() {
    return submit(null, true);
  }

  private long beginSubmission(KernelThread thread) {
    long now = System.nanoTime() | 1;
    if (held) {
      held = false;
    }
    if (submitter != thread) {
      submitter = thread;
    }
    submittingSinceNanoTime.lazySet(now);
    if (stalls != null) {
      stalls.submits();
    }
    return now;
  }

  /** Checks for a stall. Called by the watchdog. */
  void lookForStall() {
    long since = submittingSinceNanoTime.get();
    KernelThread thread = submitter;
    boolean slow = since != 0 && System.nanoTime() - since > StallWatch.STALL_NANOS;
    if (slow && !held && (thread == null || thread.isHeldByKernel())) {
      held = submittingSinceNanoTime.get() == since;
    }
  }

  /** Has submissions watched from now on. */
  void watch(StallWatch newStalls) {
    stalls = newStalls;
  }

  /**
   * Returns whether a thread is inside a submission and the kernel does not hold it. Any thread.
   */
  public boolean submitterIsRunnable() {
    KernelThread thread = submitter;
    return submittingSinceNanoTime.get() != 0 && thread != null && !thread.isHeldByKernel();
  }

  /** Returns whether a thread is inside a submission. Any thread. */
  public boolean isSubmitting() {
    return submittingSinceNanoTime.get() != 0;
  }

  /** Refuses all that is queued with ECANCELED, and submits nothing. */
  public void dropQueued() {
    dropFrom(0);
  }

  private void dropFrom(int first) {
    Throwable failure = null;
    for (int place = first; place < submissions.queued(); place++) {
      try {
        ledger.end(queuedIds[place], -Errno.ECANCELED);
        queuedIos[place].refused(Errno.ECANCELED);
      } catch (RuntimeException | Error e) {
        failure = failure == null ? e : failure;
      }
    }
    submissions.clearQueue();
    throwIfAny(failure);
  }

  private static void throwIfAny(Throwable failure) {
    if (failure instanceof Error error) {
      throw error;
    }
    if (failure != null) {
      throw (RuntimeException) failure;
    }
  }

  /**
   * Waits for completions and passes each to its I/O. A batch is processed to its end even if a
   * completion throws.
   *
   * @param min how many to wait for, at most as many as are taken at once
   * @return how many events came; 0 at a time-out or a signal
   */
  public int reap(int min, long timeoutNanos) {
    if (context == null) {
      LockSupport.parkNanos(timeoutNanos);
      return 0;
    }
    int count = context.reap(completions, Math.min(min, completions.capacity()), timeoutNanos);
    if (count < 0) {
      if (count == -Errno.EINTR) {
        return 0;
      }
      throw new IllegalStateException(
          "the engine's wait for completions ended with " + Errno.name(-count));
    }
    Throwable failure = null;
    for (int i = 0; i < count; i++) {
      try {
        long result = completions.result(i);
        Io io = ledger.end(completions.data(i), result);
        if (io != null) {
          io.completed(result);
        }
      } catch (RuntimeException | Error e) {
        failure = failure == null ? e : failure;
      }
    }
    throwIfAny(failure);
    return count;
  }

  /** Destroys the context; no I/O may be in flight. */
  void close() {
    if (context != null) {
      context.close();
    }
    submissions.close();
    completions.close();
    gatherList.close();
    pageCache.close();
  }
}
