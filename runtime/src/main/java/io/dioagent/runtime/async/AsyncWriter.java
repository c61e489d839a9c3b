package io.dioagent.runtime.async;

import io.dioagent.runtime.api.Ended;
import io.dioagent.runtime.api.InFlightRequest;
import io.dioagent.runtime.api.RequestInfo;
import io.dioagent.runtime.api.WriteSource;
import io.dioagent.runtime.base.Defects;
import io.dioagent.runtime.base.InFlightSource;
import io.dioagent.runtime.base.Limit;
import io.dioagent.runtime.base.Patience;
import io.dioagent.runtime.device.Device;
import io.dioagent.runtime.device.Lane;
import io.dioagent.runtime.device.RuntimeContext;
import io.dioagent.runtime.device.Watchdog;
import io.dioagent.runtime.engine.Daemons;
import io.dioagent.runtime.engine.KernelThread;
import io.dioagent.runtime.file.Failures;
import io.dioagent.runtime.file.FileContext;
import io.dioagent.runtime.file.PageClaim;
import io.dioagent.runtime.memory.NativeBuffer;
import io.dioagent.runtime.plan.Parts;
import io.dioagent.runtime.plan.WritePlan;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The asynchronous writes of all files of one device, on one lane.
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
 * <p>To submit is to take memory, to copy, and io_submit, which may get stuck; it is done by one
 * thread at a time. Thread-safe. The threads are started by the first write.
 */
public final class AsyncWriter implements InFlightSource {
  /** Most I/Os in flight at once; past it, writes wait for slots. */
  private static final int DEPTH = 128;

  private static final String NONE = "it was not its turn";

  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
  private static final long IDLE_NANOS = TimeUnit.HOURS.toNanos(1);
  private static final long REAP_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** Pause after a defect, for instance of a handler. */
  private static final long DEFECT_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

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

  /** Time that the reaper may be away before a queued write wakes the submitter. */
  private static final long LATE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private final RuntimeContext runtime;
  private final Device device;
  private final Lane lane;

  /** I/Os that the reaper submits end whatever it does next. */
  private final boolean reaperMaySubmit;

  private final ConcurrentLinkedQueue<AsyncWrite> forLane = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<AsyncWrite> toDeliver = new ConcurrentLinkedQueue<>();

  // Writes for which there was no memory for a place in a queue: linked, and retried by the
  // watchdog.

  /** Wait for the lane, or for a thread. */
  private final AtomicReference<AsyncWrite> stranded = new AtomicReference<>();

  /** Have ended. */
  private final AtomicReference<AsyncWrite> unqueued = new AtomicReference<>();

  private final Runnable deliverAll = this::deliverAll;

  /** A thread was asked to deliver, and has not begun. */
  private final AtomicBoolean delivererComes = new AtomicBoolean();

  /** All that have not ended. */
  private final Set<AsyncWrite> open = ConcurrentHashMap.newKeySet();

  /** Null while nothing is open. Written under the monitor; see {@link Watch#check}. */
  private volatile Watch watch;

  private final Object pageCacheInUse = new Object();
  private final ArrayDeque<LaneWrite> unsubmitted = new ArrayDeque<>();

  /** Guarded by {@link #submitting}. */
  private Thread lastSubmitter;

  private KernelThread lastSubmitterInKernel;

  /**
   * Held by the submitting thread. A thread that finds it held leaves: its holder looks at the
   * queue once more afterwards.
   */
  private final ReentrantLock submitting = new ReentrantLock();

  private final Thread submitter = Daemons.of(this::submitAll, "dio-async-submitter");

  /** Each is written before the queue, or the lane, is looked at once more. */
  private volatile boolean submitterIdle;

  private volatile boolean reaperIdle;

  /** The reaper does not look at the queue before something has come. */
  private volatile boolean reaperWaits = true;

  private volatile boolean waitingForSlots;

  // Looks of reapers at the lane: how many have begun, and the newest of those that have ended.

  private volatile long looksBegun;
  private volatile long looksEnded;

  /** Something came since the submitter last found all slots taken. */
  private volatile boolean reaped;

  /** The obstacle that the submitter waits for. */
  private volatile String obstacle = NONE;

  /** The reaper whose turn it is. Written under the monitor. */
  private volatile Reaper reaper;

  private volatile boolean started;
  private volatile boolean closed;

  /** The writer of one device. */
  public AsyncWriter(RuntimeContext runtime, Device device) {
    this.runtime = runtime;
    this.device = device;
    lane = runtime.lanes().make(DEPTH);
    lane.use(this);
    reaperMaySubmit = !lane.endsOnSubmitter();
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
      forLane.add(write);
      taken = true;
    } finally {
      if (!taken && write.giveUp()) {
        open.remove(write);
        file.descriptors().leave();
      }
    }
    wakeForLane();
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
    Reaper before = reaper;
    reaper = new Reaper();
    boolean begun = false;
    try {
      startThread(reaper);
      begun = true;
    } finally {
      if (!begun) {
        reaper = before;
      }
    }
  }

  private void startThread(Runnable task) {
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
      forLane.add(write);
    } catch (OutOfMemoryError e) {
      strand(write);
      return;
    }
    wakeForLane();
  }

  private void wakeForLane() {
    Reaper now = reaper;
    if (now.isCurrentThread() && reaperMaySubmit) {
      return; // It will look.
    }
    if (reaperIdle && reaperMaySubmit) {
      LockSupport.unpark(now.thread);
    } else if (submitterIdle && (reaperWaits || now.awayNanos() > LATE_NANOS)) {
      LockSupport.unpark(submitter);
    }
  }

  /** Queues a write for a thread that may get stuck, in its file's turn. */
  void waitForThread(AsyncWrite write) {
    try {
      write.asyncFile().executeWaiting(write, write.endOffset());
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
    String why = write.waitsForThread() ? "no thread was free" : obstacle;
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

  /** A look that begins after this number sees every completion that has come by now. */
  long looks() {
    return looksBegun;
  }

  /** Wakes the reaper, which may have been asleep since before the submission. */
  void wakeReaper() {
    if (reaperIdle) {
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
    boolean waits = looksBegun == looks && looksEnded < looks && now.awaySinceNanoTime == 0;
    return waits && thread != null && thread.isHeldByKernel();
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
      queueForDelivery(write);
      if (!reaper.isCurrentThread()) {
        deliverElsewhere();
      }
      write.asyncFile().leave();
    }
  }

  private void queueForDelivery(AsyncWrite write) {
    boolean added = false;
    try {
      added = toDeliver.add(write);
    } catch (OutOfMemoryError e) {
      return; // Not before it is on the other list.
    } finally {
      if (!added) {
        deliverLater(write);
      }
    }
  }

  /**
   * Without memory to deliver a result: it is delivered by the watchdog's next round, or by an
   * earlier delivery.
   */
  void deliverLater(AsyncWrite write) {
    do {
      write.setNextUnqueued(unqueued.get());
    } while (!unqueued.compareAndSet(write.nextUnqueued(), write));
  }

  private void deliverElsewhere() {
    if (!delivererComes.compareAndSet(false, true)) {
      return;
    }
    try {
      startThread(deliverAll);
    } catch (OutOfMemoryError e) {
      // The system has no more threads: the reaper delivers it, or the watchdog tries again.
      delivererComes.set(false);
    }
  }

  private void deliverAll() {
    delivererComes.set(false);
    for (AsyncWrite next; (next = toDeliver.poll()) != null; ) {
      next.deliver();
    }
    deliverUnqueued();
  }

  private void deliverUnqueued() {
    for (AsyncWrite one = unqueued.getAndSet(null); one != null; ) {
      AsyncWrite next = one.nextUnqueued();
      one.deliver();
      one = next;
    }
  }

  private boolean isAllDelivered() {
    return toDeliver.isEmpty() && unqueued.get() == null;
  }

  // Submitting: by the submitter, or by the reaper, which must not wait for slots or memory that it
  // itself would free.

  private void submitAll() {
    while (!closed || !open.isEmpty()) {
      try {
        submitQueued(true);
      } catch (RuntimeException | Error e) {
        Defects.log(Defects.At.ASYNC_SUBMISSION, null, e);
        LockSupport.parkNanos(this, DEFECT_NANOS);
      }
      submitterIdle = true;
      if (forLane.isEmpty() || submitting.isLocked()) {
        LockSupport.parkNanos(this, closed ? LOOK_NANOS : IDLE_NANOS);
      }
      submitterIdle = false;
    }
  }

  /**
   * Submits the queued writes, unless another thread is doing so.
   *
   * @param mayWait for memory and slots
   * @return false if some are left, as memory or slots ran out
   */
  private boolean submitQueued(boolean mayWait) {
    boolean all = true;
    while (all && !forLane.isEmpty() && submitting.tryLock()) {
      try {
        all = startQueued(mayWait);
        submit();
      } finally {
        submitting.unlock();
      }
    }
    return all;
  }

  private boolean startQueued(boolean mayWait) {
    for (AsyncWrite next; (next = forLane.peek()) != null; ) {
      try {
        if (!start(next, mayWait)) {
          return false;
        }
      } catch (IOException e) {
        next.endIfWaiting(e);
      } catch (RuntimeException | Error e) {
        Defects.log(Defects.At.ASYNC_START, next.file().path(), e);
        next.endIfWaiting(next.file().failures().asException(Failures.WRITE, e));
      }
      forLane.poll();
      if (unsubmitted.size() >= Lane.batch(lane.inFlight())) {
        submit();
      }
    }
    return true;
  }

  /** False if it lacks memory or slots, and is not to wait for them. */
  private boolean start(AsyncWrite write, boolean mayWait) throws IOException {
    FileContext file = write.file();
    boolean within = write.asyncFile().isWithin(write.endOffset());
    if (!within
        || !write.isWholeBlocks()
        || file.node().hasPending()
        || file.ability().whyBuffered(lane) != null
        || (!file.descriptors().isDirectOpen() && !write.openDirectOnThread())) {
      write.restToThread();
      return true;
    }
    if (!file.descriptors().isDirectOpen()) {
      return true; // It comes back when that is open.
    }
    long length = write.segmentBytes();
    int align = file.alignBytes();
    int pieceBytes = Math.max(runtime.pieceBytes(), align);
    List<WritePlan.Part> plan = WritePlan.cut(write.restOffset(), length, align, pieceBytes, null);
    if (lane.freeSlots() < plan.size()) {
      if (!mayWait) {
        return false;
      }
      if (!awaitSlots(write, plan.size())) {
        write.restToThread();
        return true;
      }
    }
    int bufferBytes = (int) Math.min(pieceBytes, length);
    PageClaim claim = PageClaim.direct(write.restOffset(), length);
    NativeBuffer[] buffers = device.acquireMemory(plan.size(), bufferBytes, Limit.NOW);
    if (buffers == null) {
      if (!mayWait) {
        LockSupport.unpark(submitter); // Other users of the memory give it back without a notice.
        return false;
      }
      buffers = awaitMemory(write, plan.size(), bufferBytes);
    }
    if (buffers == null) {
      return true;
    }
    // A submitting thread must not wait for another write of the same pages.
    if (!file.node().claims().tryClaim(claim)) {
      device.release(buffers);
      write.restToThread();
      return true;
    }
    LaneWrite segment = null;
    try {
      segment = write.beginOnLane(lane, length, plan, buffers, claim);
    } finally {
      if (segment == null) {
        file.node().claims().release(claim);
      }
    }
    if (segment != null) {
      unsubmitted.add(segment);
      segment.queueOn(lane);
    }
    return true;
  }

  /**
   * Null if the write ended before there was any. Submits the writes that have their memory first.
   */
  private NativeBuffer[] awaitMemory(AsyncWrite write, int count, int bytes) {
    NativeBuffer[] buffers = null;
    while (buffers == null && write.isWaiting()) {
      submit();
      obstacle = "no buffer memory was free";
      Limit limit = Limit.until(System.nanoTime() + LOOK_NANOS);
      buffers = device.acquireMemory(count, bytes, limit);
      obstacle = NONE;
    }
    return buffers;
  }

  /** False if no completion comes that would free slots: the I/Os that have them seem lost. */
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
    obstacle = lane.notReturned();
    try {
      long heldNanos = lane.submitBesideReaper(thisThread());
      if (heldNanos > 0) {
        unsubmitted.peekFirst().reportStall(heldNanos, lane.notReturned());
      }
    } finally {
      for (LaneWrite segment; (segment = unsubmitted.pollFirst()) != null; ) {
        segment.submitted();
      }
      obstacle = NONE;
      if (reaperIdle) {
        LockSupport.unpark(reaper.thread);
      }
    }
  }

  /** By the submitting thread; looked up when it is another one than before. */
  private KernelThread thisThread() {
    if (Thread.currentThread() != lastSubmitter) {
      lastSubmitterInKernel = KernelThread.currentIfKnown();
      lastSubmitter = Thread.currentThread();
    }
    return lastSubmitterInKernel;
  }

  /** Reaps until it is replaced, or the writer is closed and nothing is in flight. */
  private final class Reaper implements Runnable {
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
          LockSupport.parkNanos(this, DEFECT_NANOS);
          Defects.log(Defects.At.ASYNC_THREAD, null, e);
        }
      }
      runtime.lanes().dispose(lane);
    }

    /** False if another one took over. */
    private boolean runOnce() {
      boolean delivered = false;
      boolean submittedAll = true;
      if (!isAllDelivered() || isToSubmit()) {
        awaySinceNanoTime = System.nanoTime();
        delivered = deliverAllWhileMine();
        submittedAll = !reaperMaySubmit || submitQueued(false);
        if (!comeBack()) {
          return false;
        }
      }
      await(submittedAll, delivered);
      return true;
    }

    private boolean isFinished() {
      return closed && !submitter.isAlive() && !submitting.isLocked() && lane.inFlight() == 0;
    }

    private boolean isToSubmit() {
      return reaperMaySubmit && !forLane.isEmpty() && !submitting.isLocked();
    }

    /**
     * Returns whether there was any. Once another reaper has its place, that one delivers the rest.
     */
    private boolean deliverAllWhileMine() {
      boolean any = false;
      for (AsyncWrite next; reaper == this && (next = toDeliver.poll()) != null; any = true) {
        next.deliver();
      }
      if (reaper == this && unqueued.get() != null) {
        deliverUnqueued();
        any = true;
      }
      return any;
    }

    /** False if another one took over. */
    private boolean comeBack() {
      synchronized (AsyncWriter.this) {
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
      boolean gathers = delivered && reaperMaySubmit;
      reaperWaits = !gathers;
      if (lane.inFlight() == 0) {
        reaperWaits = true;
        awaitFlight(submittedAll);
      } else if (isAllDelivered() && !(submittedAll && isToSubmit())) {
        int least = gathers ? Math.max(1, lane.inFlight() / GATHER_SHARE) : 1;
        reap(least, gathers ? GATHER_NANOS : REAP_NANOS, submittedAll);
      }
      reaperWaits = !reaperMaySubmit;
    }

    private void awaitFlight(boolean submittedAll) {
      reaperIdle = true;
      if (lane.inFlight() == 0 && isAllDelivered() && !(submittedAll && isToSubmit()) && !closed) {
        LockSupport.parkNanos(this, submittedAll ? IDLE_NANOS : REAP_NANOS);
      }
      reaperIdle = false;
    }

    private void reap(int least, long longestNanos, boolean submittedAll) {
      long look = looksBegun + 1;
      looksBegun = look;
      try {
        int came = lane.reap(least, longestNanos);
        looksEnded = look;
        reaped |= came > 0;
        if (waitingForSlots || (came == 0 && !submittedAll)) {
          LockSupport.unpark(submitter);
        }
      } catch (RuntimeException | Error e) {
        Defects.log(Defects.At.ASYNC_COMPLETIONS, null, e);
        LockSupport.parkNanos(this, DEFECT_NANOS);
      }
    }

    boolean isCurrentThread() {
      return Thread.currentThread() == thread;
    }

    long awayNanos() {
      long since = awaySinceNanoTime;
      return since == 0 ? 0 : System.nanoTime() - since;
    }
  }

  // The watchdog.

  /**
   * Watches the open writes. A new one is made whenever there are writes again, as the watchdog
   * drops those that are done.
   */
  private final class Watch implements Watchdog.Ward {
    private AsyncWrite firstToDeliver;

    @Override
    public boolean check() {
      queueStranded();
      for (AsyncWrite write : open) {
        write.expire();
      }
      device.startAsyncThreads();
      replaceStuckReaper();
      AsyncWrite first = toDeliver.peek();
      if ((first != null && first == firstToDeliver) || unqueued.get() != null) {
        deliverElsewhere(); // The delivering thread is stuck, or had no memory.
      }
      firstToDeliver = first;
      return isDone();
    }

    private boolean isDone() {
      if (!open.isEmpty() || !isAllDelivered() || reaper.awaySinceNanoTime != 0) {
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

  private synchronized void replaceStuckReaper() {
    if (reaper.awayNanos() > AWAY_NANOS) {
      try {
        startReaper();
      } catch (OutOfMemoryError e) {
        return; // Tried again.
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
    LockSupport.unpark(submitter);
    if (reaper != null) {
      LockSupport.unpark(reaper.thread);
    }
  }
}
