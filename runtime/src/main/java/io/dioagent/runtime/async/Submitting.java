package io.dioagent.runtime.async;

import io.dioagent.runtime.base.Defects;
import io.dioagent.runtime.base.Limit;
import io.dioagent.runtime.device.Device;
import io.dioagent.runtime.device.Lane;
import io.dioagent.runtime.device.RuntimeContext;
import io.dioagent.runtime.engine.Daemons;
import io.dioagent.runtime.engine.KernelThread;
import io.dioagent.runtime.file.Failures;
import io.dioagent.runtime.file.FileContext;
import io.dioagent.runtime.file.PageClaim;
import io.dioagent.runtime.memory.NativeBuffer;
import io.dioagent.runtime.plan.WritePlan;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Submits the queued writes to the lane: by the submitter, its own thread, or by the reaper, which
 * must not wait for slots or memory that it itself would free.
 *
 * <p>Thread-safe. The queue is concurrent; the rest is used by the holder of the lock, but for the
 * volatile flags, by which other threads wake the submitter.
 */
final class Submitting {
  private static final String NONE = "it was not its turn";

  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  /** Time that the reaper may be away before a queued write wakes the submitter. */
  private static final long LATE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private final AsyncWriter writer;
  private final RuntimeContext runtime;
  private final Device device;
  private final Lane lane;

  private final ConcurrentLinkedQueue<AsyncWrite> forLane = new ConcurrentLinkedQueue<>();

  /** Queued on the lane. Guarded by {@link #submitting}. */
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

  /** Written before the queue is looked at once more. */
  private volatile boolean submitterIdle;

  /** Written before the lane is looked at once more. */
  private volatile boolean waitingForSlots;

  /** Something came since the submitter last found all slots taken. */
  private volatile boolean reaped;

  /** The obstacle that the submitter waits for. */
  private volatile String obstacle = NONE;

  Submitting(AsyncWriter writer, RuntimeContext runtime, Device device, Lane lane) {
    this.writer = writer;
    this.runtime = runtime;
    this.device = device;
    this.lane = lane;
  }

  void start() {
    submitter.start();
  }

  void close() {
    LockSupport.unpark(submitter);
  }

  /** Queues a write. */
  void add(AsyncWrite write) {
    forLane.add(write);
  }

  /** Wakes a thread that submits, if none comes by itself. */
  void wake() {
    Reaping reaping = writer.reaping();
    Reaping.Reaper now = reaping.reaper();
    if (now.isCurrentThread() && reaping.maySubmit()) {
      return; // It will look.
    }
    if (reaping.isIdle() && reaping.maySubmit()) {
      LockSupport.unpark(now.thread());
    } else if (submitterIdle && (reaping.isWaiting() || now.awayNanos() > LATE_NANOS)) {
      LockSupport.unpark(submitter);
    }
  }

  String obstacle() {
    return obstacle;
  }

  /** Whether there are queued writes, and no thread is submitting. */
  boolean isToSubmit() {
    return !forLane.isEmpty() && !submitting.isLocked();
  }

  /** Whether the submitter has ended, and no other thread is submitting. */
  boolean isOver() {
    return !submitter.isAlive() && !submitting.isLocked();
  }

  /**
   * By the reaper: so many completions have come.
   *
   * @param submittedAll if false, queued writes wait for memory or slots
   */
  void reaped(int came, boolean submittedAll) {
    reaped |= came > 0;
    if (waitingForSlots || (came == 0 && !submittedAll)) {
      LockSupport.unpark(submitter);
    }
  }

  private void submitAll() {
    while (!writer.isOver()) {
      try {
        submitQueued(true);
      } catch (RuntimeException | Error e) {
        Defects.log(Defects.At.ASYNC_SUBMISSION, null, e);
        LockSupport.parkNanos(this, AsyncWriter.DEFECT_NANOS);
      }
      submitterIdle = true;
      if (forLane.isEmpty() || submitting.isLocked()) {
        LockSupport.parkNanos(this, writer.isClosed() ? LOOK_NANOS : AsyncWriter.IDLE_NANOS);
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
  boolean submitQueued(boolean mayWait) {
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
        || (!file.descriptors().isDirectOpen() && !write.work().openDirectOnThread())) {
      write.work().restToThread();
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
        write.work().restToThread();
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
      write.work().restToThread();
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
      segment.queue();
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
      long heldNanos = lane.submit(thisThread(), false);
      if (heldNanos > 0) {
        unsubmitted.peekFirst().request().reportStall(heldNanos, lane.notReturned());
      }
    } finally {
      for (LaneWrite segment; (segment = unsubmitted.pollFirst()) != null; ) {
        segment.submitted();
      }
      obstacle = NONE;
      writer.reaping().wake();
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
}
