package io.dioagent.runtime.async;

import io.dioagent.runtime.base.Defects;
import io.dioagent.runtime.device.Lane;
import io.dioagent.runtime.device.RuntimeContext;
import io.dioagent.runtime.engine.KernelThread;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Ends the writes whose completions have come: by the reaper, which is replaced if it is stuck in a
 * submission or in a handler.
 *
 * <p>Thread-safe. The reaper whose turn it is changes under the monitor; the other fields are
 * volatile.
 */
final class Reaping {
  private static final long REAP_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /**
   * Longest time that the reaper may be away from reaping; past it, another one takes its place.
   */
  private static final long AWAY_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  /**
   * Longest time that the reaper waits for writes issued by handlers it called, without waking a
   * thread; past it, it goes on with the completions that have come.
   */
  private static final long GATHER_NANOS = TimeUnit.MICROSECONDS.toNanos(50);

  /**
   * Share of the in-flight I/Os for which the reaper then waits, to deliver their results together.
   */
  private static final int GATHER_SHARE = 8;

  private final AsyncWriter writer;
  private final Submitting submitting;
  private final Deliveries deliveries;
  private final RuntimeContext runtime;
  private final Lane lane;

  /** I/Os that the reaper submits end whatever it does next. */
  private final boolean maySubmit;

  /** Written before the queue, or the lane, is looked at once more. */
  private volatile boolean idle;

  /** The reaper does not look at the queue before something has come. */
  private volatile boolean waits = true;

  // Looks of reapers at the lane: how many have begun, and the newest of those that have ended.

  private volatile long looksBegun;
  private volatile long looksEnded;

  /** The reaper whose turn it is. Written under the monitor. */
  private volatile Reaper reaper;

  Reaping(
      AsyncWriter writer,
      Submitting submitting,
      Deliveries deliveries,
      RuntimeContext runtime,
      Lane lane) {
    this.writer = writer;
    this.submitting = submitting;
    this.deliveries = deliveries;
    this.runtime = runtime;
    this.lane = lane;
    maySubmit = !lane.endsOnSubmitter();
  }

  /** Starts the first reaper, if there is none. */
  synchronized void start() {
    if (reaper == null) {
      startReaper();
    }
  }

  /** Caller holds the monitor. */
  private void startReaper() {
    Reaper before = reaper;
    reaper = new Reaper();
    boolean begun = false;
    try {
      writer.startThread(reaper);
      begun = true;
    } finally {
      if (!begun) {
        reaper = before;
      }
    }
  }

  synchronized void replaceIfStuck() {
    if (reaper.awayNanos() > AWAY_NANOS) {
      try {
        startReaper();
      } catch (OutOfMemoryError e) {
        return; // Tried again.
      }
    }
  }

  void close() {
    if (reaper != null) {
      LockSupport.unpark(reaper.thread);
    }
  }

  /** The reaper whose turn it is. */
  Reaper reaper() {
    return reaper;
  }

  /** Whether the reaper submits queued writes, too. */
  boolean maySubmit() {
    return maySubmit;
  }

  /** Whether the reaper sleeps until it is woken. */
  boolean isIdle() {
    return idle;
  }

  /** Whether the reaper does not look at the queue before something has come. */
  boolean isWaiting() {
    return waits;
  }

  /** Whether the reaper is away from reaping. */
  boolean isAway() {
    return reaper.awaySinceNanoTime != 0;
  }

  boolean isCurrentThread() {
    return reaper.isCurrentThread();
  }

  /** A look that begins after this number sees every completion that has come by now. */
  long looks() {
    return looksBegun;
  }

  /** Wakes the reaper, which may have been asleep since before the submission. */
  void wake() {
    if (idle) {
      LockSupport.unpark(reaper.thread);
    }
  }

  /**
   * Whether every completion that had come when {@link #looks} returned a number has been handled.
   * It has, too, if the reaper still waits inside the kernel: a completion would have woken it.
   */
  boolean hasLookedSince(long looks) {
    if (looksEnded > looks || lane.inFlight() == 0) {
      return true;
    }
    Reaper now = reaper;
    KernelThread thread = now.inKernel;
    boolean inside = looksBegun == looks && looksEnded < looks && now.awaySinceNanoTime == 0;
    return inside && thread != null && thread.isHeldByKernel();
  }

  /** Reaps until it is replaced, or the writer is closed and nothing is in flight. */
  final class Reaper implements Runnable {
    private volatile Thread thread;
    private volatile KernelThread inKernel;

    /** Time since which it is away from reaping; 0 while it reaps. Back to 0 under the monitor. */
    private volatile long awaySinceNanoTime;

    @Override
    public void run() {
      thread = Thread.currentThread();
      inKernel = KernelThread.currentIfKnown();
      while (!isFinished()) {
        try {
          if (!runOnce()) {
            return; // Another one took over.
          }
        } catch (RuntimeException | Error e) {
          LockSupport.parkNanos(this, AsyncWriter.DEFECT_NANOS);
          Defects.log(Defects.At.ASYNC_THREAD, null, e);
        }
      }
      runtime.lanes().dispose(lane);
    }

    /** False if another one took over. */
    private boolean runOnce() {
      boolean delivered = false;
      boolean submittedAll = true;
      if (!deliveries.isAllDelivered() || isToSubmit()) {
        awaySinceNanoTime = System.nanoTime();
        delivered = deliverAllWhileMine();
        submittedAll = !maySubmit || submitting.submitQueued(false);
        if (!comeBack()) {
          return false;
        }
      }
      await(submittedAll, delivered);
      return true;
    }

    private boolean isFinished() {
      return writer.isClosed() && submitting.isOver() && lane.inFlight() == 0;
    }

    private boolean isToSubmit() {
      return maySubmit && submitting.isToSubmit();
    }

    /**
     * Returns whether there was any. Once another reaper has its place, that one delivers the rest.
     */
    private boolean deliverAllWhileMine() {
      boolean any = false;
      for (Delivery next; reaper == this && (next = deliveries.poll()) != null; any = true) {
        next.deliver();
      }
      if (reaper == this && deliveries.hasUnqueued()) {
        deliveries.deliverUnqueued();
        any = true;
      }
      return any;
    }

    /** False if another one took over. */
    private boolean comeBack() {
      synchronized (Reaping.this) {
        awaySinceNanoTime = 0;
        return reaper == this;
      }
    }

    /**
     * Waits for a completion, unless there is something to do.
     *
     * @param submittedAll if false, queued writes have to wait for a completion
     * @param delivered if true, a handler may be about to queue more
     */
    private void await(boolean submittedAll, boolean delivered) {
      boolean gathers = delivered && maySubmit;
      waits = !gathers;
      if (lane.inFlight() == 0) {
        waits = true;
        awaitFlight(submittedAll);
      } else if (deliveries.isAllDelivered() && !(submittedAll && isToSubmit())) {
        int least = gathers ? Math.max(1, lane.inFlight() / GATHER_SHARE) : 1;
        reap(least, gathers ? GATHER_NANOS : REAP_NANOS, submittedAll);
      }
      waits = !maySubmit;
    }

    private void awaitFlight(boolean submittedAll) {
      idle = true;
      if (lane.inFlight() == 0
          && deliveries.isAllDelivered()
          && !(submittedAll && isToSubmit())
          && !writer.isClosed()) {
        LockSupport.parkNanos(this, submittedAll ? AsyncWriter.IDLE_NANOS : REAP_NANOS);
      }
      idle = false;
    }

    private void reap(int least, long longestNanos, boolean submittedAll) {
      long look = looksBegun + 1;
      looksBegun = look;
      try {
        int came = lane.reap(least, longestNanos);
        looksEnded = look;
        submitting.reaped(came, submittedAll);
      } catch (RuntimeException | Error e) {
        Defects.log(Defects.At.ASYNC_COMPLETIONS, null, e);
        LockSupport.parkNanos(this, AsyncWriter.DEFECT_NANOS);
      }
    }

    Thread thread() {
      return thread;
    }

    boolean isCurrentThread() {
      return Thread.currentThread() == thread;
    }

    long awayNanos() {
      long since = awaySinceNanoTime;
      return since == 0 ? 0 : System.nanoTime() - since;
    }
  }
}
