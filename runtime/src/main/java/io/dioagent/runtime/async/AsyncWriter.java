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
 * The asynchronous writes of all files of one device, on one lane. The states of one write are
 * those of {@link AsyncWrite}.
 *
 * <pre>
 * any thread      queues a write, and returns
 * reaper          ends what has come, delivers it, and submits what is queued by then, among it the
 *                 writes of the handlers that it called: as long as they go on, one thread does it
 *                 all, and wakes no other one
 * submitter       submits while the reaper waits, or when memory or slots have to be waited for
 * threads         write what has to wait, or cannot go direct: bounded, and in turns (AsyncFile)
 * watchdog        ends what is overdue; replaces a reaper that is stuck in io_submit, or in a handler
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
 * SUBMITTING    holds {@link #submitting}, which is tried and never waited   IDLE when the queue is
 *               for; waits for memory or slots of the first in the queue     empty
 * IDLE          parked. Woken by a write that is queued, if the reaper is    SUBMITTING
 *               LOOKING, or AWAY for 1 ms; by a reaper that lacks memory
 *               or slots, or has brought some; by close
 * </pre>
 *
 * <p>IDLE is written before the queue, or the lane, is looked at once more, and read after a write
 * is queued, or submitted: one of the two sees the other. Whoever finds {@link #submitting} held
 * goes: its holder looks at the queue once more after it.
 *
 * <p>To submit is to take memory, to copy, and io_submit, which may get stuck; it is done by one
 * thread at a time. Thread-safe. The threads are started by the first write.
 */
public final class AsyncWriter implements InFlightSource {
  /** I/Os in flight at once. */
  private static final int DEPTH = 128;

  private static final String NONE = "it was not its turn";

  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
  private static final long IDLE_NANOS = TimeUnit.HOURS.toNanos(1);
  private static final long REAP_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** After a defect of what completions are told to. */
  private static final long DEFECT_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  /** So long the reaper may be at something else before another one takes its place. */
  private static final long AWAY_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  /** So long the reaper waits for what those may write whom it has just told, and wakes nobody. */
  private static final long GATHER_NANOS = TimeUnit.MICROSECONDS.toNanos(50);

  /** Of what is in flight, as much is to end meanwhile: it is told, and waited for, at once. */
  private static final int GATHER_SHARE = 8;

  /** So long before what is queued meanwhile is worth the thread that is woken for it. */
  private static final long LATE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private final RuntimeContext runtime;
  private final Device device;
  private final Lane lane;

  /** What the reaper submits ends whatever it does next. */
  private final boolean reaperMaySubmit;

  private final ConcurrentLinkedQueue<AsyncWrite> forLane = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<AsyncWrite> toTell = new ConcurrentLinkedQueue<>();

  // Without memory for a place in a queue: linked, and looked at by the watchdog.

  /** Wait for the lane, or for a thread. */
  private final AtomicReference<AsyncWrite> stranded = new AtomicReference<>();

  /** Have ended. */
  private final AtomicReference<AsyncWrite> untold = new AtomicReference<>();

  private final Runnable tellAll = this::tellAll;

  /** A thread was asked to tell, and has not begun. */
  private final AtomicBoolean tellerComes = new AtomicBoolean();

  /** All that have not ended. */
  private final Set<AsyncWrite> open = ConcurrentHashMap.newKeySet();

  /** Null while nothing is open. Written under the monitor; see {@link Watch#check}. */
  private volatile Watch watch;

  private final Object pageCacheInUse = new Object();
  private final ArrayDeque<LaneWrite> unsubmitted = new ArrayDeque<>();

  /** Guarded by {@link #submitting}. */
  private Thread lastSubmitter;

  private KernelThread lastSubmitterInKernel;

  /** Held by who submits. Who finds it held goes: the queue is looked at once more after it. */
  private final ReentrantLock submitting = new ReentrantLock();

  private final Thread submitter = Daemons.of(this::submitAll, "dio-async-submitter");

  /** Each written before the queue, or the lane, is looked at once more. */
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

  /** What the submitter waits for before it goes on. */
  private volatile String obstacle = NONE;

  /** Whose turn it is to reap. Written under the monitor. */
  private volatile Reaper reaper;

  private volatile boolean started;
  private volatile boolean closed;

  /** Of one device. */
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

  /** It is to go on the lane, in its turn. */
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

  /** It is to be run by a thread that may get stuck, in its file's turn. */
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

  /** By the watchdog: once more for each that had no place in its queue. */
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

  /** Why a write that waits has not been started. */
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

  // By the watchdog: what a write on the lane waits for.

  /** While it is there. */
  Patience.Cause whyOnLane(boolean isSubmitted) {
    boolean waitsForUs = isSubmitted ? lane.waitsForThreads() : lane.submitterIsRunnable();
    return waitsForUs ? Patience.Cause.PROCESS : Patience.Cause.DEVICE;
  }

  /** A look that begins after this number has seen all that had come by now. */
  long looks() {
    return looksBegun;
  }

  /** It may have been asleep since before what is inside a submission was queued. */
  void wakeReaper() {
    if (reaperIdle) {
      LockSupport.unpark(reaper.thread);
    }
  }

  /**
   * Whether all that had come when {@link #looks} answered a number has been ended. So it is, too,
   * if the reaper still waits inside the kernel, which it would not had something come.
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

  /** It has ended, and is told so by another thread but the caller's. Throws nothing. */
  void over(AsyncWrite write) {
    open.remove(write);
    try {
      write.file().descriptors().leave();
    } finally {
      toBeTold(write);
      if (!reaper.isCurrentThread()) {
        tellElsewhere();
      }
      write.asyncFile().leave();
    }
  }

  private void toBeTold(AsyncWrite write) {
    boolean added = false;
    try {
      added = toTell.add(write);
    } catch (OutOfMemoryError e) {
      return; // Not before it is on the other list.
    } finally {
      if (!added) {
        tellAgain(write);
      }
    }
  }

  /** Without memory to tell a write: by the watchdog's next round, or who comes before. */
  void tellAgain(AsyncWrite write) {
    do {
      write.setNextUntold(untold.get());
    } while (!untold.compareAndSet(write.nextUntold(), write));
  }

  private void tellElsewhere() {
    if (!tellerComes.compareAndSet(false, true)) {
      return;
    }
    try {
      startThread(tellAll);
    } catch (OutOfMemoryError e) {
      // The system has no more threads: the reaper tells it, or the watchdog tries again.
      tellerComes.set(false);
    }
  }

  private void tellAll() {
    tellerComes.set(false);
    for (AsyncWrite next; (next = toTell.poll()) != null; ) {
      next.tell();
    }
    tellUntold();
  }

  private void tellUntold() {
    for (AsyncWrite one = untold.getAndSet(null); one != null; ) {
      AsyncWrite next = one.nextUntold();
      one.tell();
      one = next;
    }
  }

  private boolean isAllTold() {
    return toTell.isEmpty() && untold.get() == null;
  }

  // Who submits: the submitter, or the reaper, which must not wait for what it itself would bring.

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
   * Submits what is queued, unless another thread is at it.
   *
   * @param mayWait for memory and slots
   * @return false if some of it is left for want of these
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
        LockSupport.unpark(submitter); // Others may have it, and give it back without a word.
        return false;
      }
      buffers = awaitMemory(write, plan.size(), bufferBytes);
    }
    if (buffers == null) {
      return true;
    }
    // Who submits must not wait for another write of the same pages.
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

  /** Null if the write ended before there was any. What has its memory is not held up. */
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
    obstacle = lane.notReturned();
    try {
      long heldNanos = lane.submitBesideReaper(thisThread());
      if (heldNanos > 0) {
        unsubmitted.peekFirst().tellStall(heldNanos, lane.notReturned());
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

  /** By who submits; asked of the kernel when it is another one than before. */
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

    /** Since when it is at something else; 0 while it reaps. Back to 0 under the monitor. */
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
      boolean told = false;
      boolean submittedAll = true;
      if (!isAllTold() || isToSubmit()) {
        awaySinceNanoTime = System.nanoTime();
        told = tellAllWhileMine();
        submittedAll = !reaperMaySubmit || submitQueued(false);
        if (!comeBack()) {
          return false;
        }
      }
      await(submittedAll, told);
      return true;
    }

    private boolean isFinished() {
      return closed && !submitter.isAlive() && !submitting.isLocked() && lane.inFlight() == 0;
    }

    private boolean isToSubmit() {
      return reaperMaySubmit && !forLane.isEmpty() && !submitting.isLocked();
    }

    /** Whether there was any. Once another one has its place, that tells what is left. */
    private boolean tellAllWhileMine() {
      boolean any = false;
      for (AsyncWrite next; reaper == this && (next = toTell.poll()) != null; any = true) {
        next.tell();
      }
      if (reaper == this && untold.get() != null) {
        tellUntold();
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
     * Waits for something to come, unless there is something to do.
     *
     * @param submittedAll else what is queued has to wait for that
     * @param told somebody may be about to queue more
     */
    private void await(boolean submittedAll, boolean told) {
      boolean gathers = told && reaperMaySubmit;
      reaperWaits = !gathers;
      if (lane.inFlight() == 0) {
        reaperWaits = true;
        awaitFlight(submittedAll);
      } else if (isAllTold() && !(submittedAll && isToSubmit())) {
        int least = gathers ? Math.max(1, lane.inFlight() / GATHER_SHARE) : 1;
        reap(least, gathers ? GATHER_NANOS : REAP_NANOS, submittedAll);
      }
      reaperWaits = !reaperMaySubmit;
    }

    private void awaitFlight(boolean submittedAll) {
      reaperIdle = true;
      if (lane.inFlight() == 0 && isAllTold() && !(submittedAll && isToSubmit()) && !closed) {
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

  /** Looks after what is open; one after the other, as the watchdog forgets those that are done. */
  private final class Watch implements Watchdog.Ward {
    private AsyncWrite firstToTell;

    @Override
    public boolean check() {
      queueStranded();
      for (AsyncWrite write : open) {
        write.expire();
      }
      device.startAsyncThreads();
      replaceStuckReaper();
      AsyncWrite first = toTell.peek();
      if ((first != null && first == firstToTell) || untold.get() != null) {
        tellElsewhere(); // Whoever is telling is stuck in it, or had no memory for it.
      }
      firstToTell = first;
      return isDone();
    }

    private boolean isDone() {
      if (!open.isEmpty() || !isAllTold() || reaper.awaySinceNanoTime != 0) {
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
