package io.dioagent.runtime.device;

import io.dioagent.runtime.base.Limit;
import io.dioagent.runtime.base.Permits;
import io.dioagent.runtime.memory.BufferPool;
import io.dioagent.runtime.memory.NativeBuffer;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;

/**
 * The resources that files of one device share: lanes, memory, and threads that may get stuck. Each
 * is bounded per device, so that a stuck device does not starve the others. Thread-safe.
 */
public final class Device {
  /**
   * Limits the lanes of one device; further writers wait for one. More writers at once would not
   * make a device faster. A stuck device must leave some of fs.aio-max-nr, which is 65536 by
   * default, or 2048 lanes.
   */
  private static final int LANES = 256;

  /**
   * Limits the blocks read ahead at once: enough to keep a device busy with few of the threads.
   * Further blocks are not read ahead.
   */
  private static final int READS_AHEAD = 16;

  /**
   * Limits the asynchronous writes that wait on a thread at once; further ones wait in queues
   * without a bound.
   */
  private static final int ASYNC_THREADS = 32;

  private final LanePool lanes;
  private final BufferPool buffers;
  private final BufferPool.Share memory = new BufferPool.Share();
  private final BufferPool.Share readAheadMemory = new BufferPool.Share();
  private final Semaphore freeReadsAhead = new Semaphore(READS_AHEAD);
  private final Permits freeLanes = new Permits(LANES);
  private final Traffic traffic = new Traffic();
  private final Submitters submitters;
  private final TaskQueue asyncThreads;

  /**
   * Makes the resources of a device that is not in use yet.
   *
   * @param threads may get stuck in the kernel
   */
  Device(LanePool lanes, BufferPool buffers, ExecutorService threads) {
    this.lanes = lanes;
    this.buffers = buffers;
    submitters = new Submitters(threads);
    asyncThreads = TaskQueue.beforeThreads(threads, ASYNC_THREADS);
  }

  /** Returns the count of calls inside the kernel. */
  public Traffic traffic() {
    return traffic;
  }

  /** Returns the threads for asynchronous writes that have to wait. */
  public TaskQueue asyncThreads() {
    return asyncThreads;
  }

  /**
   * Starts the asynchronous threads that failed to start because the system had no more threads.
   */
  public void startAsyncThreads() {
    asyncThreads.startNext();
  }

  /**
   * Borrows a lane; an interrupt does not end the wait.
   *
   * @return null if there was none within the limit
   */
  public Lane borrowLane(Limit limit) {
    if (!freeLanes.acquire(limit)) {
      return null;
    }
    Lane lane = null;
    try {
      lane = lanes.borrow(limit);
      return lane;
    } finally {
      if (lane == null) {
        freeLanes.release();
      }
    }
  }

  /** Gives back a lane that has nothing in flight. */
  public void giveBack(Lane lane) {
    try {
      lanes.giveBack(lane);
    } finally {
      freeLanes.release();
    }
  }

  /** As {@link BufferPool#acquire}. */
  public NativeBuffer[] acquireMemory(int count, int bytes, Limit limit) {
    return buffers.acquire(memory, count, bytes, limit);
  }

  /** As {@link BufferPool#release}. */
  public void release(NativeBuffer[] taken) {
    buffers.release(memory, taken);
  }

  /** As {@link BufferPool#quarantine}. */
  void quarantine(NativeBuffer[] taken) {
    buffers.quarantine(taken);
  }

  /** As {@link BufferPool#endQuarantine}. */
  void endQuarantine(NativeBuffer[] taken) {
    buffers.endQuarantine(taken);
  }

  /** As {@link Submitters#execute}. */
  public boolean execute(Runnable task, Limit limit) {
    return submitters.execute(task, limit);
  }

  /** As {@link Submitters#submissions}. */
  public SubmissionQueue submissions() {
    return submitters.submissions();
  }

  /** As {@link BufferPool#acquireSpare}. */
  public NativeBuffer[] acquireReadAheadMemory(int bytes) {
    return buffers.acquireSpare(readAheadMemory, bytes);
  }

  /** As {@link BufferPool#release}. */
  public void releaseReadAheadMemory(NativeBuffer[] taken) {
    buffers.release(readAheadMemory, taken);
  }

  /**
   * Runs an optional task on one of a few threads of this device.
   *
   * @return false if none is free, and the task will never run
   */
  public boolean executeReadAhead(Runnable task) {
    if (!freeReadsAhead.tryAcquire()) {
      return false;
    }
    boolean started = false;
    try {
      started =
          submitters.execute(
              () -> {
                try {
                  task.run();
                } finally {
                  freeReadsAhead.release();
                }
              },
              Limit.NOW);
    } finally {
      if (!started) {
        freeReadsAhead.release();
      }
    }
    return started;
  }

  /** As {@link Submitters#executeSoon}. */
  public boolean executeSoon(Runnable task) {
    return submitters.executeSoon(task);
  }
}
