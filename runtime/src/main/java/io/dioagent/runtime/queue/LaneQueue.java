package io.dioagent.runtime.queue;

import io.dioagent.runtime.api.Errno;
import io.dioagent.runtime.api.InFlightRequest;
import io.dioagent.runtime.api.WriteHandler;
import io.dioagent.runtime.api.WriteMode;
import io.dioagent.runtime.base.InFlightSource;
import io.dioagent.runtime.base.Origin;
import io.dioagent.runtime.device.Lane;
import io.dioagent.runtime.device.RuntimeContext;
import io.dioagent.runtime.device.Watchdog;
import io.dioagent.runtime.file.FileContext;
import io.dioagent.runtime.file.Request;
import io.dioagent.runtime.memory.AlignedMemory;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;
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
  /** Interval between looks at submitter threads and older lanes, which do not wake the queue. */
  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  /** Longest time between two looks at the deadlines. */
  private static final long LONGEST_LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final RuntimeContext runtime;
  private final int depth;

  /**
   * Held while the lanes, and the pieces waiting for them, are used: by the queue's thread, or the
   * watchdog while that is away. Taken before the monitor, or not waited for.
   */
  private final ReentrantLock lanesInUse = new ReentrantLock();

  private final QueueLanes lanes;
  private final WaitingPieces pieces = new WaitingPieces();
  private final CompletedWrites completed = new CompletedWrites();

  /** Not yet completed, oldest first. Guarded by this. */
  private final ArrayDeque<QueuedWrite> inFlight;

  /** Of these, how many there are. Written under the monitor. */
  private volatile int inFlightCount;

  /** Time of the next look at all deadlines: not one look per completion. Guarded by this. */
  private long nextLookNanoTime = System.nanoTime();

  /** The queue's thread waits for completions, and looks at deadlines itself. */
  private volatile boolean reaping;

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
    lanes = new QueueLanes(this, runtime, depth);
    boolean watched = false;
    try {
      runtime.watchdog().add(this);
      watched = true;
    } finally {
      if (!watched) {
        runtime.watchdog().remove(this);
        lanes.dispose();
      }
    }
  }

  QueueLanes lanes() {
    return lanes;
  }

  WaitingPieces pieces() {
    return pieces;
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
    lanes.retireIfFull();
    Lane lane = lanes.newest();
    int step = QueuedWrite.goesOn(lane, file) ? lanes.stepBytes(lengthBytes) : lengthBytes;
    Origin origin = Origin.here(System.nanoTime());
    Request request = Request.of(lane.nextRequestId(), file, position, lengthBytes, origin);
    QueuedWrite write = new QueuedWrite(this, request, lane, buffer, userData, step);
    buffer.begin();
    if (!file.descriptors().enter()) {
      buffer.release();
      throw file.failures().closed();
    }
    synchronized (this) {
      inFlight.addLast(write);
      inFlightCount = inFlight.size();
      nextLookNanoTime = earlier(nextLookNanoTime, System.nanoTime() + write.periodNanos());
    }
    lanes.queue(write);
  }

  /** Hands the queued writes to the kernel. */
  public void flush() {
    lanesInUse.lock();
    try {
      lanes.submitAll();
    } finally {
      lanesInUse.unlock();
    }
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
    int handed = completed.handOut(handler);
    while (handed < min && inFlight() > 0) {
      long now = System.nanoTime();
      long left = earlier(untilNanoTime, nextLook()) - now;
      boolean polling = pieces.areOut() || lanes.hasRetired();
      reap(Math.max(0, polling ? Math.min(left, POLL_NANOS) : left), min - handed);
      handed += completed.handOut(handler);
      if (untilNanoTime - System.nanoTime() <= 0) {
        break;
      }
    }
    return handed + completed.handOut(handler); // The watchdog may have taken the last ones.
  }

  private void reap(long waitNanos, int wanted) {
    lanesInUse.lock();
    try {
      pieces.start(true);
      // The lane may hold lost I/Os, too, for which no thread waits.
      Lane lane = lanes.newest();
      int coming = Math.min(inFlight(), lane.inFlight());
      reaping = true;
      try {
        lane.reap(Math.max(1, Math.min(wanted, coming)), waitNanos);
      } finally {
        reaping = false;
      }
      lanes.reapRetired();
      pieces.takePosted();
      expireOverdue();
    } finally {
      lanesInUse.unlock();
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
      } else if (write.expire(closing)) {
        all.remove();
        completed.add(write, -Errno.ETIMEDOUT);
        inFlightCount = inFlight.size();
      }
    }
    nextLookNanoTime = nextLook;
  }

  /** By the queue's thread: a write has ended. */
  void completed(QueuedWrite write, long result) {
    synchronized (this) { // A write that is not counted any more can be handed out.
      inFlight.remove(write);
      completed.add(write, result);
      inFlightCount = inFlight.size();
    }
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
          write.reportLost(true);
        }
      }
    }
  }

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
    if (lanes.newest().inFlight() > 0 || lanes.hasRetired() || pieces.areOut()) {
      return false;
    }
    disposed = true;
    lanes.dispose();
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
        if (lanes.unsubmitted() == 0) {
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
        lanes.dropUnsubmitted();
        endWhatHasCome();
      } finally {
        lanesInUse.unlock();
      }
    }
  }

  /** By the watchdog, in place of the queue's thread. */
  private void endWhatHasCome() {
    pieces.start(false);
    lanes.reapAllThere();
    pieces.takePosted();
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
