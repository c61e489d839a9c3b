package io.dioagent.runtime;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * The asynchronous writes of all files of one device, on one lane.
 *
 * <pre>
 * any thread      queues a write, and goes
 * submitter       takes memory, copies, submits; may get stuck in io_submit
 * reaper          ends what has come, and tells it
 * threads         write what has to wait, or cannot go direct: bounded, and in turns (AsyncFile)
 * watchdog        ends what is overdue; replaces a reaper that is stuck in who it tells
 * </pre>
 *
 * <p>Thread-safe. The submitter and the reaper are started by the first write.
 */
final class AsyncWriter {
  /** I/Os in flight at once. */
  private static final int DEPTH = 128;

  /** Writes that are submitted together at most, so that the device has something to do early. */
  private static final int BATCH = 16;

  private static final String NONE = "it was not its turn";

  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
  private static final long IDLE_NANOS = TimeUnit.HOURS.toNanos(1);
  private static final long REAP_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long STALL_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  /** So long who is told may take before another thread goes on with what else has ended. */
  private static final long TELLING_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private final DirectRuntime runtime;
  private final Device device;
  private final Lane lane;
  private final Executor tellers;
  private final ConcurrentLinkedQueue<AsyncWrite> forLane = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<Told> toTell = new ConcurrentLinkedQueue<>();

  /** A thread was asked to tell, and has not begun. */
  private final AtomicBoolean tellerComes = new AtomicBoolean();

  /** All that have not ended. */
  private final Set<AsyncWrite> open = ConcurrentHashMap.newKeySet();

  /** Null while nothing is open. Written under the monitor; see {@link Watch#check}. */
  private volatile Watch watch;

  private final Object pageCacheInUse = new Object();
  private final ArrayDeque<LaneWrite> unsubmitted = new ArrayDeque<>();

  private final Thread submitter = new Thread(this::submitAll, "dio-async-submitter");

  /** Each written before the queue, or the lane, is looked at once more. */
  private volatile boolean submitterIdle;

  private volatile boolean reaperIdle;

  private volatile boolean waitingForSlots;

  /** Something came since the submitter last found all slots taken. */
  private volatile boolean reaped;

  /** What the submitter waits for before it goes on. */
  private volatile String obstacle = NONE;

  /** Whose turn it is to reap. Written under the monitor. */
  private volatile Reaper reaper;

  private volatile boolean started;
  private volatile boolean closed;

  /** A write that has ended. */
  private record Told(AsyncWrite write, long bytes, IOException failure) {
    void tell(DirectRuntime runtime) {
      try {
        write.tell(bytes, failure);
      } catch (RuntimeException | Error e) {
        runtime.defect("the ending of a write to " + write.file().path(), e);
      }
    }
  }

  /**
   * Of one device.
   *
   * @param tellers threads for what ends elsewhere than by the reaper; no bound may keep one
   *     waiting
   */
  AsyncWriter(DirectRuntime runtime, Device device, Executor tellers) {
    this.runtime = runtime;
    this.device = device;
    this.tellers = tellers;
    lane = runtime.lanes().make(DEPTH);
    submitter.setDaemon(true);
  }

  // By any thread.

  /**
   * Takes on a write of a file that has been {@link AsyncFile#enter entered}.
   *
   * @throws IOException if the file is closed
   * @throws OutOfMemoryError if the system has no thread for the first one
   */
  void write(DirectFile file, WriteSource source, long position, Ended ended) throws IOException {
    if (!started) {
      start();
    }
    if (!file.descriptors().enter()) {
      throw file.failures().closed();
    }
    AsyncWrite write = new AsyncWrite(this, file, source, position, ended);
    open.add(write);
    if (watch == null) {
      startWatch();
    }
    waitForLane(write);
  }

  private synchronized void start() {
    if (closed) {
      throw new IllegalStateException("the runtime is closed");
    }
    if (reaper == null) {
      startReaper();
    }
    if (!started) {
      submitter.start();
      started = true;
    }
  }

  /** Under the monitor. */
  private void startReaper() {
    Reaper next = new Reaper();
    next.start();
    reaper = next;
  }

  private synchronized void startWatch() {
    if (watch == null) {
      watch = new Watch();
      runtime.watchdog().add(watch);
    }
  }

  /** It is to go on the lane, in its turn. */
  void waitForLane(AsyncWrite write) {
    forLane.add(write);
    if (submitterIdle) {
      LockSupport.unpark(submitter);
    }
  }

  /** It is to be run by a thread that may get stuck, in its file's turn. */
  void waitForThread(AsyncWrite write) {
    write.file().async().executeWaiting(write, write.endOffset());
  }

  /** Why a write that waits has not been started. */
  String whyWaiting(AsyncWrite write) {
    String why = write.waitsForThread() ? "no thread was free" : obstacle;
    return why + "; " + runtime.buffers().describe();
  }

  RequestInfo suspectCollision(DirectFile file, long requestId, Parts parts) {
    synchronized (pageCacheInUse) {
      return file.cachedPages().suspectCollision(lane, requestId, parts);
    }
  }

  /** It has ended, and is told so by another thread but the reaper. */
  void over(AsyncWrite write, long bytes, IOException failure) {
    open.remove(write);
    write.file().descriptors().leave();
    toTell.add(new Told(write, bytes, failure));
    if (Thread.currentThread() != reaper) {
      tellElsewhere();
    }
    write.file().async().leave();
  }

  private void tellElsewhere() {
    if (!tellerComes.compareAndSet(false, true)) {
      return;
    }
    try {
      tellers.execute(this::tellAll);
    } catch (OutOfMemoryError e) {
      // The system has no more threads: the reaper tells it, or the watchdog tries again.
      tellerComes.set(false);
      runtime.defect("start of a thread to tell how a write ended", e);
    } catch (RejectedExecutionException e) {
      tellAll(); // The runtime is closed.
    }
  }

  private void tellAll() {
    tellerComes.set(false);
    for (Told next; (next = toTell.poll()) != null; ) {
      next.tell(runtime);
    }
  }

  // The submitter.

  private void submitAll() {
    while (!closed || !open.isEmpty()) {
      AsyncWrite next = forLane.poll();
      if (next == null) {
        submit();
        awaitWork();
        continue;
      }
      try {
        start(next);
      } catch (IOException e) {
        next.endIfWaiting(e);
      } catch (RuntimeException | Error e) {
        runtime.defect("start of a write to " + next.file().path(), e);
        next.endIfWaiting(new IOException(Errno.message(Errno.EIO), e));
      }
      if (unsubmitted.size() >= BATCH) {
        submit();
      }
    }
  }

  private void awaitWork() {
    submitterIdle = true;
    if (forLane.isEmpty()) {
      LockSupport.parkNanos(this, closed ? LOOK_NANOS : IDLE_NANOS);
    }
    submitterIdle = false;
  }

  private void start(AsyncWrite write) throws IOException {
    DirectFile file = write.file();
    boolean within = file.async().isWithin(write.endOffset());
    if (!within
        || !write.isWholeBlocks()
        || file.node().hasPending()
        || file.ability().whyBuffered(lane) != null
        || (!file.descriptors().isDirectOpen() && !write.openDirectOnThread())) {
      write.restToThread();
      return;
    }
    if (!file.descriptors().isDirectOpen()) {
      return; // It comes back when that is open.
    }
    long length = write.segmentBytes();
    int align = file.alignBytes();
    int pieceBytes = Math.max(runtime.pieceBytes(), align);
    List<WritePlan.Part> plan = WritePlan.cut(write.restOffset(), length, align, pieceBytes, null);
    if (!awaitSlots(write, plan.size())) {
      write.restToThread();
      return;
    }
    NativeBuffer[] buffers = awaitMemory(write, plan.size(), (int) Math.min(pieceBytes, length));
    LaneWrite segment =
        buffers == null ? null : write.beginOnLane(lane.nextRequestId(), length, plan, buffers);
    if (segment != null) {
      unsubmitted.add(segment);
      segment.queueOn(lane);
    }
  }

  /** Null if the write ended before there was any. What has its memory is not held up. */
  private NativeBuffer[] awaitMemory(AsyncWrite write, int count, int bytes) {
    NativeBuffer[] buffers = device.acquireMemory(count, bytes, System.nanoTime());
    while (buffers == null && write.isWaiting()) {
      submit();
      obstacle = "no buffer memory was free";
      buffers = device.acquireMemory(count, bytes, System.nanoTime() + LOOK_NANOS);
      obstacle = NONE;
    }
    return buffers;
  }

  /** False if nothing comes that would give slots back: what has them seems lost. */
  private boolean awaitSlots(AsyncWrite write, int count) {
    while (lane.freeSlots() < count && write.isWaiting()) {
      submit();
      waitingForSlots = true;
      if (lane.freeSlots() < count) {
        LockSupport.parkNanos(this, LOOK_NANOS);
        if (!reaped) {
          return false;
        }
        reaped = false;
      }
    }
    waitingForSlots = false;
    return true;
  }

  private void submit() {
    if (unsubmitted.isEmpty()) {
      return;
    }
    obstacle = "io_submit did not return";
    long before = System.nanoTime();
    lane.submitBesideReaper();
    long stalledNanos = System.nanoTime() - before;
    if (stalledNanos > STALL_NANOS) {
      unsubmitted.peekFirst().tellStall(stalledNanos);
    }
    for (LaneWrite segment; (segment = unsubmitted.pollFirst()) != null; ) {
      segment.submitted();
    }
    obstacle = NONE;
    if (reaperIdle) {
      LockSupport.unpark(reaper);
    }
  }

  /** Reaps until it is replaced, or the writer is closed and nothing is in flight. */
  private final class Reaper extends Thread {
    /** When it began to tell an ending; 0 while it tells none. Back to 0 under the monitor. */
    private volatile long tellingSinceNanoTime;

    Reaper() {
      super("dio-async-reaper");
      setDaemon(true);
    }

    @Override
    public void run() {
      boolean mine = true;
      while (mine && !isFinished()) {
        int came = reap();
        if (waitingForSlots) {
          LockSupport.unpark(submitter);
        }
        mine = toTell.isEmpty() || tellAllWhileMine();
        if (came == 0 && mine) {
          awaitFlight();
        }
      }
      if (mine) {
        runtime.lanes().dispose(lane);
      }
    }

    private boolean isFinished() {
      return closed && !submitter.isAlive() && lane.inFlight() == 0;
    }

    private int reap() {
      try {
        int came = lane.reap(1, REAP_NANOS);
        reaped |= came > 0;
        return came;
      } catch (RuntimeException | Error e) {
        runtime.defect("completions of asynchronous writes", e);
        LockSupport.parkNanos(this, STALL_NANOS);
        return 0;
      }
    }

    /** False if another one took over, as this was stuck in who it told. */
    private boolean tellAllWhileMine() {
      for (Told next; reaper == this && (next = toTell.poll()) != null; ) {
        tellingSinceNanoTime = System.nanoTime();
        next.tell(runtime);
      }
      synchronized (AsyncWriter.this) {
        tellingSinceNanoTime = 0;
        return reaper == this;
      }
    }

    private void awaitFlight() {
      reaperIdle = true;
      if (lane.inFlight() == 0 && toTell.isEmpty() && !closed) {
        LockSupport.park(this);
      }
      reaperIdle = false;
    }

    boolean isStuck() {
      long since = tellingSinceNanoTime;
      return since != 0 && System.nanoTime() - since > TELLING_NANOS;
    }
  }

  // The watchdog.

  /** Looks after what is open; one after the other, as the watchdog forgets those that are done. */
  private final class Watch implements Watchdog.Ward {
    private AsyncWrite firstToTell;

    @Override
    public boolean check() {
      for (AsyncWrite write : open) {
        write.expire();
      }
      device.startAsyncThreads();
      replaceStuckReaper();
      Told next = toTell.peek();
      AsyncWrite first = next == null ? null : next.write();
      if (first != null && first == firstToTell) {
        tellElsewhere(); // Whoever is telling is stuck in it.
      }
      firstToTell = first;
      return isDone();
    }

    private boolean isDone() {
      if (!open.isEmpty() || !toTell.isEmpty() || reaper.tellingSinceNanoTime != 0) {
        return false;
      }
      synchronized (AsyncWriter.this) {
        watch = null;
        if (open.isEmpty()) {
          return true;
        }
        watch = this; // One came before it could see that nobody watches.
        return false;
      }
    }
  }

  private synchronized void replaceStuckReaper() {
    if (reaper.isStuck()) {
      try {
        startReaper();
      } catch (OutOfMemoryError e) {
        runtime.defect("start of another reaper", e); // Tried again.
      }
    }
  }

  /** Ends the threads, once nothing is open. */
  void close() {
    synchronized (this) {
      closed = true;
      if (!started) {
        runtime.lanes().dispose(lane);
      }
    }
    LockSupport.unpark(submitter);
    LockSupport.unpark(reaper);
  }
}
