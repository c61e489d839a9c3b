package io.dioagent.runtime.queue;

import io.dioagent.runtime.base.Patience;
import io.dioagent.runtime.device.Lane;
import io.dioagent.runtime.device.Ledger;
import io.dioagent.runtime.device.RuntimeContext;
import io.dioagent.runtime.engine.KernelThread;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * The lanes of one queue: the newest, on which writes are queued and submitted, and older ones with
 * I/Os that may be lost.
 *
 * <p>Used by the holder of the queue's lock; the set of lanes changes under the queue's monitor,
 * and any thread may read the newest.
 */
final class QueueLanes {
  private static final int MAX_PIECES_PER_WRITE = 4;

  /**
   * A queue takes this share of its depth as completions at once, so that follow-up writes are
   * submitted before more is taken. Taking all empties the device, which then answers all at once
   * again (4 KiB, 32 in flight: 22 at a time and 210,000 a second, by 8 230,000).
   */
  private static final int REAP_SHARE = 4;

  private final LaneQueue queue;
  private final RuntimeContext runtime;
  private final int depth;

  /** Changed by the queue's thread, under the queue's monitor. */
  private volatile Lane lane;

  /** Lanes before this one, with I/Os that may be lost. Guarded by the queue's monitor. */
  private final List<Lane> retired = new ArrayList<>();

  /** The queue's thread; looked up when it is another one than before. */
  private Thread lastThread;

  private KernelThread lastInKernel;

  /** Queued on the lane, not yet submitted. */
  private final ArrayDeque<QueuedWrite> unsubmitted;

  QueueLanes(LaneQueue queue, RuntimeContext runtime, int depth) {
    this.queue = queue;
    this.runtime = runtime;
    this.depth = depth;
    unsubmitted = new ArrayDeque<>(depth + 1);
    lane = newLane();
  }

  Lane newest() {
    return lane;
  }

  /** Disposes of the newest lane. */
  void dispose() {
    runtime.lanes().dispose(lane);
  }

  private Lane newLane() {
    int slots = Math.min(Ledger.MAX_SLOTS, depth * MAX_PIECES_PER_WRITE);
    Lane made = runtime.lanes().make(slots, Math.max(1, depth / REAP_SHARE));
    made.use(queue);
    return made;
  }

  /** The length of a piece of a write. */
  int stepBytes(int lengthBytes) {
    if (lengthBytes <= runtime.pieceBytes()) {
      return lengthBytes;
    }
    int pieces = Math.max(1, Math.min(MAX_PIECES_PER_WRITE, lane.depth() / depth));
    return Math.max(runtime.pieceBytes(), lengthBytes / pieces);
  }

  /** Lost I/Os keep their slots: before they are all of them, a new lane takes over. */
  void retireIfFull() {
    if (lane.freeSlots() < MAX_PIECES_PER_WRITE) {
      queue.flush();
      Lane next = newLane();
      synchronized (queue) {
        lane.use(null);
        retired.add(lane);
        lane = next;
      }
    }
  }

  /** Reaps older lanes, and disposes of the empty ones. */
  void reapRetired() {
    synchronized (queue) {
      for (Iterator<Lane> all = retired.iterator(); all.hasNext(); ) {
        Lane old = all.next();
        old.reap(0, 0);
        if (old.inFlight() == 0) {
          all.remove();
          runtime.lanes().dispose(old);
        }
      }
    }
  }

  /** Reaps all completions that have come. */
  void reapAllThere() {
    while (lane.reap(0, 0) > 0) {
      // A few at a time.
    }
    reapRetired();
  }

  boolean hasRetired() {
    synchronized (queue) {
      return !retired.isEmpty();
    }
  }

  /** Queues a write on the newest lane, and submits a batch that is full. */
  void queue(QueuedWrite write) {
    unsubmitted.addLast(write);
    write.queue();
    if (unsubmitted.size() >= Lane.batch(depth)) {
      flushIfPossible();
    }
  }

  private void flushIfPossible() {
    try {
      queue.flush();
    } catch (OutOfMemoryError e) {
      return; // It is queued, and is submitted by the next flush.
    }
  }

  /** Writes that are queued and not yet submitted. */
  int unsubmitted() {
    return unsubmitted.size();
  }

  void submitAll() {
    boolean begun = false;
    try {
      for (QueuedWrite write : unsubmitted) {
        begun = true;
        write.goesIn();
      }
      long heldNanos = lane.submit(thisThread(), true);
      if (heldNanos > 0 && !unsubmitted.isEmpty()) {
        unsubmitted.peekFirst().request().reportStall(heldNanos, lane.notReturned());
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

  /** Leaves the queued writes to threads. */
  void dropUnsubmitted() {
    unsubmitted.forEach(QueuedWrite::goesIn);
    lane.dropQueued();
    submittedAll();
  }

  private void submittedAll() {
    for (QueuedWrite write; (write = unsubmitted.pollFirst()) != null; ) {
      write.submitted();
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
}
