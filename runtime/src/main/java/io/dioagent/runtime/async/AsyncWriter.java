package io.dioagent.runtime.async;

import io.dioagent.runtime.api.Ended;
import io.dioagent.runtime.api.InFlightRequest;
import io.dioagent.runtime.api.RequestInfo;
import io.dioagent.runtime.api.WriteSource;
import io.dioagent.runtime.base.InFlightSource;
import io.dioagent.runtime.base.Patience;
import io.dioagent.runtime.device.Device;
import io.dioagent.runtime.device.Lane;
import io.dioagent.runtime.device.RuntimeContext;
import io.dioagent.runtime.device.Watchdog;
import io.dioagent.runtime.engine.Daemons;
import io.dioagent.runtime.file.FileContext;
import io.dioagent.runtime.plan.Parts;
import java.io.IOException;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The asynchronous writes of all files of one device, on one lane. The states of one write are
 * those of {@link AsyncWrite}.
 *
 * <pre>
 * any thread      queues a write, and goes
 * reaper          ends the writes whose completions have come, delivers their results, and submits
 *                 the writes queued by then, among them those of the handlers it called: while
 *                 these go on, one thread does it all, and no thread is woken
 * submitter       submits while the reaper waits, or when memory or slots have to be waited for
 * threads         make writes that have to wait, or cannot go direct: bounded, in turns (AsyncFile)
 * watchdog        ends overdue writes; replaces a reaper that is stuck in io_submit, or in a handler
 * </pre>
 *
 * <pre>
 * the writer    what happens, by which thread                                next
 * NEW           the first write: any thread, under the monitor               STARTED
 *               close                                                        CLOSED; the lane goes
 * STARTED       close                                                        CLOSED
 * CLOSED        no write is open: the submitter ends. It has ended, none     gone, with the lane
 *               submits, and nothing is in flight: the reaper ends
 *
 * a reaper      what happens, by which thread                                next
 * LOOKING       in {@link Lane#reap}: something has come, or 100 ms have     AWAY if there is
 *               passed (50 us behind a delivery that may bring more writes)  something to do
 * AWAY          delivers and submits; it is done, and has its place          LOOKING or IDLE
 *               it is done, and another one has its place: itself, under     gone
 *               the monitor
 *               for 50 ms: the watchdog, under the monitor, makes another    AWAY, without its place
 *               one
 * IDLE          parked: nothing is in flight, to be delivered, or to be      LOOKING or AWAY
 *               submitted by it. Woken by a write that is queued, by a
 *               submission, by the watchdog for an overdue write, by close
 *
 * the submitter what happens, by which thread                                next
 * SUBMITTING    holds the lock of {@link Submitting}, which is tried and never waited   IDLE when the queue is
 *               for; waits for memory or slots of the first in the queue     empty
 * IDLE          parked. Woken by a write that is queued, if the reaper is    SUBMITTING
 *               LOOKING, or AWAY for 1 ms; by a reaper that lacks memory
 *               or slots, or has brought some; by close
 * </pre>
 *
 * <p>IDLE is written before the queue, or the lane, is looked at once more, and read after a write
 * is queued, or submitted: one of the two sees the other. Whoever finds the lock of {@link
 * Submitting} held goes: its holder looks at the queue once more after it.
 *
 * <p>To submit is to take memory, to copy, and io_submit, which may get stuck; it is done by one
 * thread at a time. The threads are started by the first write.
 *
 * <p>Thread-safe. The open writes are in a concurrent set; the monitor guards the begin and the end
 * of the watch and of the threads.
 */
public final class AsyncWriter implements InFlightSource {
  /** Most I/Os in flight at once; past it, writes wait for slots. */
  private static final int DEPTH = 128;

  /** Longest sleep of a thread that is woken when there is something to do. */
  static final long IDLE_NANOS = TimeUnit.HOURS.toNanos(1);

  /** Pause after a defect, for instance of a handler. */
  static final long DEFECT_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private final RuntimeContext runtime;
  private final Device device;
  private final Lane lane;
  private final Submitting submitting;
  private final Reaping reaping;
  private final Deliveries deliveries;

  /**
   * Writes that wait for the lane, or for a thread, and for which there was no memory for a place
   * in a queue: linked, and retried by the watchdog.
   */
  private final AtomicReference<AsyncWrite> stranded = new AtomicReference<>();

  /** All that have not ended. */
  private final Set<AsyncWrite> open = ConcurrentHashMap.newKeySet();

  /** Null while nothing is open. Written under the monitor; see {@link Watch#check}. */
  private volatile Watch watch;

  private final Object pageCacheInUse = new Object();

  private volatile boolean started;
  private volatile boolean closed;

  /** The writer of one device. */
  public AsyncWriter(RuntimeContext runtime, Device device) {
    this.runtime = runtime;
    this.device = device;
    lane = runtime.lanes().make(DEPTH);
    boolean made = false;
    try {
      submitting = new Submitting(this, runtime, device, lane);
      deliveries = new Deliveries(this);
      reaping = new Reaping(this, submitting, deliveries, runtime, lane);
      lane.use(this); // Last: other threads see it from here on.
      made = true;
    } finally {
      if (!made) {
        runtime.lanes().dispose(lane);
      }
    }
  }

  Reaping reaping() {
    return reaping;
  }

  Deliveries deliveries() {
    return deliveries;
  }

  boolean isClosed() {
    return closed;
  }

  /** Whether it is closed, and no write is open. */
  boolean isOver() {
    return closed && open.isEmpty();
  }

  // By any thread.

  /**
   * Takes on a write of a file that has been {@link AsyncFile#enter entered}.
   *
   * @throws IOException if the file is closed
   * @throws OutOfMemoryError if the system has no thread for the first one
   */
  public void write(AsyncFile asyncFile, WriteSource source, long position, Ended ended)
      throws IOException {
    if (!started) {
      start();
    }
    FileContext file = asyncFile.file();
    AsyncWrite write = new AsyncWrite(this, asyncFile, source, position, ended);
    if (!file.descriptors().enter()) {
      throw file.failures().closed();
    }
    boolean taken = false;
    try {
      open.add(write);
      if (watch == null) {
        startWatch();
      }
      submitting.add(write);
      taken = true;
    } finally {
      if (!taken && write.giveUp()) {
        open.remove(write);
        file.descriptors().leave();
      }
    }
    submitting.wake();
  }

  private synchronized void start() {
    if (closed) {
      throw new IllegalStateException("the runtime is closed");
    }
    reaping.start();
    if (!started) {
      submitting.start();
      started = true;
    }
  }

  /** Starts a task that may call handlers. */
  void startThread(Runnable task) {
    try {
      runtime.deliveryThreads().execute(task);
    } catch (RejectedExecutionException e) { // The runtime is closed.
      Daemons.of(task, "dio-async-last").start();
    }
  }

  private synchronized void startWatch() {
    if (watch == null) {
      Watch made = new Watch();
      runtime.watchdog().add(made);
      watch = made;
    }
  }

  /** Queues a write for the lane. */
  void waitForLane(AsyncWrite write) {
    try {
      submitting.add(write);
    } catch (OutOfMemoryError e) {
      strand(write);
      return;
    }
    submitting.wake();
  }

  /** Queues a write for a thread that may get stuck, in its file's turn. */
  void waitForThread(AsyncWrite write) {
    try {
      write.asyncFile().executeWaiting(write.work(), write.endOffset());
    } catch (OutOfMemoryError e) {
      strand(write);
    }
  }

  private void strand(AsyncWrite write) {
    do {
      write.setNextStranded(stranded.get());
    } while (!stranded.compareAndSet(write.nextStranded(), write));
  }

  /** By the watchdog: queues again each write that had no place in its queue. */
  private void queueStranded() {
    for (AsyncWrite one = stranded.getAndSet(null); one != null; ) {
      AsyncWrite next = one.nextStranded();
      if (one.waitsForThread()) {
        waitForThread(one);
      } else {
        waitForLane(one);
      }
      one = next;
    }
  }

  /** Returns the reason why a waiting write has not been started. */
  String whyWaiting(AsyncWrite write) {
    String why = write.waitsForThread() ? "no thread was free" : submitting.obstacle();
    return why + "; " + runtime.buffers().describe();
  }

  @Override
  public void addInFlight(Collection<InFlightRequest> all) {
    for (AsyncWrite write : open) {
      all.add(write.inFlight());
    }
  }

  // By the watchdog: the cause of a wait on the lane.

  /** Returns the cause of the wait of a write that is on the lane. */
  Patience.Cause whyOnLane(boolean isSubmitted) {
    boolean waitsForUs = isSubmitted ? lane.waitsForThreads() : lane.submitterIsRunnable();
    return waitsForUs ? Patience.Cause.PROCESS : Patience.Cause.DEVICE;
  }

  RequestInfo suspectCollision(FileContext file, long requestId, Parts parts) {
    synchronized (pageCacheInUse) {
      return file.cachedPages().suspectCollision(lane, requestId, parts);
    }
  }

  /**
   * Ends a write, whose result is delivered by a thread other than the caller's. Throws nothing.
   */
  void over(AsyncWrite write) {
    open.remove(write);
    try {
      write.file().descriptors().leave();
    } finally {
      deliveries.add(write.delivery());
      if (!reaping.isCurrentThread()) {
        deliveries.deliverElsewhere();
      }
      write.asyncFile().leave();
    }
  }

  // The watchdog.

  /**
   * Watches the open writes. A new one is made whenever there are writes again, as the watchdog
   * drops those that are done.
   */
  private final class Watch implements Watchdog.Ward {
    private Delivery firstToDeliver;

    @Override
    public boolean check() {
      queueStranded();
      for (AsyncWrite write : open) {
        write.expiry().expire();
      }
      device.startAsyncThreads();
      reaping.replaceIfStuck();
      Delivery first = deliveries.first();
      if ((first != null && first == firstToDeliver) || deliveries.hasUnqueued()) {
        deliveries.deliverElsewhere(); // The delivering thread is stuck, or had no memory.
      }
      firstToDeliver = first;
      return isDone();
    }

    private boolean isDone() {
      if (!open.isEmpty() || !deliveries.isAllDelivered() || reaping.isAway()) {
        return false;
      }
      synchronized (AsyncWriter.this) {
        watch = null;
        if (open.isEmpty()) {
          return true;
        }
        watch = this; // A write came before it could see that it is not watched.
        return false;
      }
    }
  }

  /** Ends the threads, once nothing is open. */
  public void close() {
    synchronized (this) {
      closed = true;
      if (!started) {
        runtime.lanes().dispose(lane);
      }
    }
    submitting.close();
    reaping.close();
  }
}
