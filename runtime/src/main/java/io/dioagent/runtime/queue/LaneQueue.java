package io.dioagent.runtime.queue;

import io.dioagent.runtime.api.Errno;
import io.dioagent.runtime.api.InFlightRequest;
import io.dioagent.runtime.api.RequestInfo;
import io.dioagent.runtime.api.WriteHandler;
import io.dioagent.runtime.api.WriteMode;
import io.dioagent.runtime.base.InFlightSource;
import io.dioagent.runtime.base.Patience;
import io.dioagent.runtime.device.Lane;
import io.dioagent.runtime.device.Ledger;
import io.dioagent.runtime.device.RuntimeContext;
import io.dioagent.runtime.device.Watchdog;
import io.dioagent.runtime.engine.KernelThread;
import io.dioagent.runtime.file.FileContext;
import io.dioagent.runtime.memory.AlignedMemory;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Asynchronous writes: up to a depth in flight at once, each completed exactly once, to the thread
 * that waits. One thread at a time calls; the watchdog acts only on overdue writes and after the
 * close.
 *
 * <p>The calling thread submits, with RWF_NOWAIT. Linux AIO waits all the same while the file
 * system is frozen, or the device's tags are used up: then the caller is held, and overdue writes
 * are reported lost meanwhile.
 */
public final class LaneQueue implements AutoCloseable, Watchdog.Ward, InFlightSource {
  /**
   * Interval between looks at submitter threads and older lanes, whose completions do not come by
   * the ring.
   */
  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  /** Longest time between two looks at the deadlines. */
  private static final long LONGEST_LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private static final int MAX_PIECES_PER_WRITE = 4;

  /**
   * A queue takes this share of its depth as completions at once, so that follow-up writes are
   * submitted before more is taken. Taking all empties the device, which then answers all at once
   * again (4 KiB, 32 in flight: 22 at a time and 210,000 a second, by 8 230,000).
   */
  private static final int REAP_SHARE = 4;

  private final RuntimeContext runtime;
  private final int depth;

  /**
   * Held while the lanes, and the pieces waiting for them, are used: by the queue's thread, or the
   * watchdog while that is away. Taken before the monitor, or not waited for.
   */
  private final ReentrantLock lanesInUse = new ReentrantLock();

  /** Changed by the queue's thread, under the monitor. */
  private volatile Lane lane;

  /** Lanes before this one, with I/Os that may be lost. Guarded by this. */
  private final List<Lane> retired = new ArrayList<>();

  /** Not yet completed, oldest first. Guarded by this. */
  private final ArrayDeque<QueuedWrite> inFlight;

  /** Of these, how many there are. Written under the monitor. */
  private volatile int inFlightCount;

  /**
   * Time of the next look at the deadlines: so that not every completion costs a look at all writes
   * in flight. Guarded by this.
   */
  private long nextLookNanoTime = System.nanoTime();

  /** The queue's thread waits for completions, and looks at deadlines itself. */
  private volatile boolean reaping;

  /** The queue's thread; looked up when it is another one than before. */
  private Thread lastThread;

  private KernelThread lastInKernel;

  /** Queued on the lane, not yet submitted. */
  private final ArrayDeque<QueuedWrite> unsubmitted;

  // Pieces for which no submitter thread was free, linked.

  private WaitingPiece firstWaiting;
  private WaitingPiece lastWaiting;

  // Completions that have not been handed out, linked. Guarded by the monitor of completions.

  private final Object completions = new Object();

  /** Read without it, to see that there is none. */
  private volatile QueuedWrite firstCompleted;

  private QueuedWrite lastCompleted;

  /** Pieces that submitter threads have written, linked, the last one first. */
  private final AtomicReference<WaitingPiece> posted = new AtomicReference<>();

  private final AtomicInteger handedOver = new AtomicInteger();
  private boolean closed;
  private boolean disposed;

  /**
   * No thread waits for completions any more, so that lost writes are given up under any policy.
   */
  private boolean closing;

  public LaneQueue(RuntimeContext runtime, int depth) {
    this.runtime = runtime;
    this.depth = depth;
    inFlight = new ArrayDeque<>(depth + 1);
    unsubmitted = new ArrayDeque<>(depth + 1);
    lane = newLane();
    boolean watched = false;
    try {
      runtime.watchdog().add(this);
      watched = true;
    } finally {
      if (!watched) {
        runtime.watchdog().remove(this);
        runtime.lanes().dispose(lane);
      }
    }
  }

  private Lane newLane() {
    int slots = Math.min(Ledger.MAX_SLOTS, depth * MAX_PIECES_PER_WRITE);
    Lane made = runtime.lanes().make(slots, Math.max(1, depth / REAP_SHARE));
    made.use(this);
    return made;
  }

  /** Lost I/Os keep their slots: before they are all of them, a new lane takes over. */
  private void retireIfFull() {
    if (lane.freeSlots() < MAX_PIECES_PER_WRITE) {
      flush();
      Lane next = newLane();
      synchronized (this) {
        lane.use(null);
        retired.add(lane);
        lane = next;
      }
    }
  }

  /** Reaps older lanes, and disposes of the empty ones. */
  private synchronized void reapRetired() {
    for (Iterator<Lane> all = retired.iterator(); all.hasNext(); ) {
      Lane old = all.next();
      old.reap(0, 0);
      if (old.inFlight() == 0) {
        all.remove();
        runtime.lanes().dispose(old);
      }
    }
  }

  private synchronized boolean hasRetired() {
    return !retired.isEmpty();
  }

  /**
   * Queues a write. It is handed to the kernel by {@link #flush}, by waiting, or with those that
   * are queued behind it: the latter must not keep the device idle. Waits for {@link
   * WriteMode#PIPELINED} writes of the same bytes.
   *
   * @param position and lengthBytes are multiples of {@code DirectFile.alignBytes}
   * @param userData comes back with the completion
   * @throws IllegalArgumentException if they are not, or the buffer is too small
   * @throws IllegalStateException if as many writes as the depth are in flight, or the queue or the
   *     buffer is closed
   * @throws IOException if the file is closed
   */
  public void submit(
      FileContext file, AlignedMemory buffer, int lengthBytes, long position, long userData)
      throws IOException {
    int align = file.alignBytes();
    if (lengthBytes <= 0 || lengthBytes > buffer.capacityBytes() || lengthBytes % align != 0) {
      throw new IllegalArgumentException(
          "lengthBytes is "
              + lengthBytes
              + ", expected a multiple of "
              + align
              + " up to the buffer's "
              + buffer.capacityBytes());
    }
    if (position < 0 || position % align != 0) {
      throw new IllegalArgumentException(
          "position is " + position + ", expected a multiple of " + align);
    }
    if (inFlight() >= depth && isFull()) {
      throw new IllegalStateException("all " + depth + " writes of the queue are in flight");
    }
    if (closed) {
      throw new IllegalStateException("the queue is closed");
    }
    file.node().settle(position, lengthBytes);
    lanesInUse.lock();
    try {
      submitHolding(file, buffer, lengthBytes, position, userData);
    } finally {
      lanesInUse.unlock();
    }
  }

  private void submitHolding(
      FileContext file, AlignedMemory buffer, int lengthBytes, long position, long userData)
      throws IOException {
    retireIfFull();
    int step = QueuedWrite.goesOn(lane, file) ? stepBytes(lengthBytes) : lengthBytes;
    RequestInfo request = new RequestInfo(lane.nextRequestId(), file.path(), position, lengthBytes);
    QueuedWrite write = new QueuedWrite(this, file, buffer, request, userData, step);
    buffer.begin();
    if (!file.descriptors().enter()) {
      buffer.end();
      throw file.failures().closed();
    }
    synchronized (this) {
      inFlight.addLast(write);
      inFlightCount = inFlight.size();
      nextLookNanoTime = earlier(nextLookNanoTime, System.nanoTime() + write.periodNanos());
    }
    unsubmitted.addLast(write);
    write.queueOn(lane);
    if (unsubmitted.size() >= Lane.batch(depth)) {
      flushIfPossible();
    }
  }

  private void flushIfPossible() {
    try {
      flush();
    } catch (OutOfMemoryError e) {
      return; // It is queued, and is submitted by the next flush.
    }
  }

  private int stepBytes(int lengthBytes) {
    if (lengthBytes <= runtime.pieceBytes()) {
      return lengthBytes;
    }
    int pieces = Math.max(1, Math.min(MAX_PIECES_PER_WRITE, lane.depth() / depth));
    return Math.max(runtime.pieceBytes(), lengthBytes / pieces);
  }

  /** Hands the queued writes to the kernel. */
  public void flush() {
    lanesInUse.lock();
    try {
      submitAll();
    } finally {
      lanesInUse.unlock();
    }
  }

  private void submitAll() {
    boolean begun = false;
    try {
      for (QueuedWrite write : unsubmitted) {
        begun = true;
        write.goesIn();
      }
      long heldNanos = lane.submit(thisThread());
      if (heldNanos > 0 && !unsubmitted.isEmpty()) {
        unsubmitted.peekFirst().reportStall(heldNanos, lane.notReturned());
      }
    } finally {
      if (begun || unsubmitted.isEmpty()) { // Otherwise it is tried again.
        submittedAll();
      }
    }
  }

  private KernelThread thisThread() {
    if (Thread.currentThread() != lastThread) {
      lastInKernel = KernelThread.currentIfKnown();
      lastThread = Thread.currentThread();
    }
    return lastInKernel;
  }

  private static long earlier(long nanoTime, long otherNanoTime) {
    return nanoTime - otherNanoTime <= 0 ? nanoTime : otherNanoTime;
  }

  private synchronized boolean isFull() {
    return inFlight.size() >= depth;
  }

  /** Writes queued or in flight. */
  public int inFlight() {
    return inFlightCount;
  }

  /**
   * Waits for completions, and hands them out one after the other.
   *
   * @param min how many to wait for; no more than are in flight are waited for
   * @param timeout how long
   * @return how many there were
   */
  public int await(int min, Duration timeout, WriteHandler handler) {
    flush();
    long untilNanoTime = System.nanoTime() + timeout.toNanos();
    int handed = handOut(handler);
    while (handed < min && inFlight() > 0) {
      long now = System.nanoTime();
      long left = earlier(untilNanoTime, nextLook()) - now;
      boolean polling = handedOver.get() > 0 || firstWaiting != null || hasRetired();
      reap(Math.max(0, polling ? Math.min(left, POLL_NANOS) : left), min - handed);
      handed += handOut(handler);
      if (untilNanoTime - System.nanoTime() <= 0) {
        break;
      }
    }
    return handed + handOut(handler); // The watchdog may have taken the last ones.
  }

  /** A piece that cannot be started, as there is no thread or no memory, keeps its place. */
  private void startWaiting(boolean byQueue) {
    for (WaitingPiece piece; (piece = firstWaiting) != null; ) {
      WaitingPiece following = piece.next(); // Once started, it is linked to what is posted.
      if (!piece.start(byQueue)) {
        break;
      }
      firstWaiting = following;
      handedOver.incrementAndGet();
    }
  }

  private void reap(long waitNanos, int wanted) {
    lanesInUse.lock();
    try {
      startWaiting(true);
      // The lane may hold lost I/Os, too, for which no thread waits.
      int coming = Math.min(inFlight(), lane.inFlight());
      reaping = true;
      try {
        lane.reap(Math.max(1, Math.min(wanted, coming)), waitNanos);
      } finally {
        reaping = false;
      }
      reapRetired();
      takePosted();
      expireOverdue();
    } finally {
      lanesInUse.unlock();
    }
  }

  private void takePosted() {
    for (WaitingPiece piece = posted.getAndSet(null); piece != null; ) {
      WaitingPiece next = piece.next();
      handedOver.decrementAndGet();
      piece.write().pieceWritten(piece);
      piece = next;
    }
  }

  private int handOut(WriteHandler handler) {
    int count = 0;
    for (QueuedWrite next; (next = pollCompleted()) != null; count++) {
      handler.completed(next.userData(), next.result(), next.requestId());
    }
    return count;
  }

  private QueuedWrite pollCompleted() {
    if (firstCompleted == null) {
      return null;
    }
    synchronized (completions) {
      QueuedWrite polled = firstCompleted;
      if (polled != null) {
        firstCompleted = polled.nextCompleted();
      }
      return polled;
    }
  }

  private void addCompleted(QueuedWrite write, long result) {
    synchronized (completions) {
      write.setResult(result);
      if (firstCompleted == null) {
        firstCompleted = write;
      } else {
        lastCompleted.setNextCompleted(write);
      }
      lastCompleted = write;
    }
  }

  private synchronized long nextLook() {
    return nextLookNanoTime;
  }

  /** By the queue's thread, with the lanes in use. */
  private void expireOverdue() {
    if (!isToLook()) {
      return;
    }
    if (hasOverdue()) {
      endWhatHasCome(); // One more look, without waiting.
    }
    expire();
  }

  private synchronized boolean isToLook() {
    return closing || nextLookNanoTime - System.nanoTime() <= 0;
  }

  private synchronized boolean hasOverdue() {
    boolean any = false;
    for (QueuedWrite write : inFlight) {
      any |= write.isOverdue();
    }
    return any;
  }

  private synchronized void expire() {
    long now = System.nanoTime();
    long nextLook = now + LONGEST_LOOK_NANOS;
    for (Iterator<QueuedWrite> all = inFlight.iterator(); all.hasNext(); ) {
      QueuedWrite write = all.next();
      if (!write.isOverdue()) {
        nextLook = earlier(nextLook, now + write.periodNanos());
        continue;
      }
      write.reportLostOnce();
      if (write.expire(closing)) {
        all.remove();
        addCompleted(write, -Errno.ETIMEDOUT);
        inFlightCount = inFlight.size();
      }
    }
    nextLookNanoTime = nextLook;
  }

  // Called by the writes.

  /** By the queue's thread. */
  void handOver(WaitingPiece piece) {
    piece.setNext(null);
    if (firstWaiting == null) {
      firstWaiting = piece;
    } else {
      lastWaiting.setNext(piece);
    }
    lastWaiting = piece;
  }

  /** By a submitter thread. */
  void post(WaitingPiece piece) {
    do {
      piece.setNext(posted.get());
    } while (!posted.compareAndSet(piece.next(), piece));
  }

  /** By the queue's thread. */
  void completed(QueuedWrite write, long result) {
    synchronized (this) { // A write that is not counted any more can be handed out.
      inFlight.remove(write);
      addCompleted(write, result);
      inFlightCount = inFlight.size();
    }
  }

  // Causes of a write's wait. Any thread.

  /** Until it has been handed to the kernel, by the queue's thread. */
  Patience.Cause whyUnsubmitted() {
    Lane now = lane;
    boolean held = now.isSubmitting() && !now.submitterIsRunnable();
    return held ? Patience.Cause.DEVICE : Patience.Cause.PROCESS;
  }

  /** While it is in flight. */
  Patience.Cause whyOnLane() {
    return lane.waitsForThreads() ? Patience.Cause.PROCESS : Patience.Cause.DEVICE;
  }

  /** By the watchdog: looks at deadlines while the queue's thread is elsewhere. */
  private void reportOverdue() {
    if (reaping || !hasOverdue()) {
      return;
    }
    if (lanesInUse.tryLock()) {
      try {
        endWhatHasCome(); // The queue's thread may not have asked the kernel for long.
      } finally {
        lanesInUse.unlock();
      }
    }
    synchronized (this) {
      for (QueuedWrite write : inFlight) {
        if (!reaping && write.isOverdue()) {
          write.reportLostOnce();
        }
      }
    }
  }

  /** By the watchdog. */
  @Override
  public boolean check() {
    reportOverdue();
    return isDone();
  }

  private synchronized boolean isDone() {
    if (!closed) {
      endReleased();
      endWaitedFor();
      return false;
    }
    if (disposed) {
      return true;
    }
    // Pieces whose caller was released write nothing, but they have to end.
    endWhatHasCome();
    if (lane.inFlight() > 0 || hasRetired() || handedOver.get() > 0 || firstWaiting != null) {
      return false;
    }
    disposed = true;
    runtime.lanes().dispose(lane);
    return true;
  }

  /** Adds all writes that have not ended; called for the newest lane. */
  @Override
  public synchronized void addInFlight(Collection<InFlightRequest> all) {
    for (QueuedWrite write : inFlight) {
      all.add(write.inFlight());
    }
  }

  /**
   * By the watchdog, under the monitor: the queue's thread may not come back for lost writes, and
   * their memory is to be given back all the same. Only if nothing else is out, so that no thread
   * uses the lanes.
   */
  private void endReleased() {
    if (inFlight.isEmpty() && lanesInUse.tryLock()) {
      try {
        if (unsubmitted.isEmpty()) {
          endWhatHasCome();
        }
      } finally {
        lanesInUse.unlock();
      }
    }
  }

  /**
   * By the watchdog, under the monitor: other requests wait for the pages of the writes in flight,
   * and the queue's thread may be waiting so itself. Writes that it has not submitted go to
   * threads.
   */
  private void endWaitedFor() {
    boolean waitedFor = false;
    for (QueuedWrite write : inFlight) {
      waitedFor |= write.isWaitedFor();
    }
    if (waitedFor && lanesInUse.tryLock()) {
      try {
        unsubmitted.forEach(QueuedWrite::goesIn);
        lane.dropQueued();
        submittedAll();
        endWhatHasCome();
      } finally {
        lanesInUse.unlock();
      }
    }
  }

  private void submittedAll() {
    for (QueuedWrite write; (write = unsubmitted.pollFirst()) != null; ) {
      write.submitted();
    }
  }

  /** By the watchdog, in place of the queue's thread. */
  private void endWhatHasCome() {
    startWaiting(false);
    while (lane.reap(0, 0) > 0) {
      // A few at a time.
    }
    reapRetired();
    takePosted();
  }

  /**
   * Waits until all that is in flight has ended, or counts as lost; completions are dropped. The
   * kernel's context is disposed of when nothing is in flight any more.
   */
  @Override
  public void close() {
    closing = true;
    while (inFlight() > 0) {
      await(inFlight(), Duration.ofSeconds(1), (userData, result, requestId) -> {});
    }
    synchronized (this) {
      closed = true;
    }
    // At once if nothing is left: the runtime, and with it the watchdog, may be closed next.
    if (check()) {
      runtime.watchdog().remove(this);
    }
  }
}
