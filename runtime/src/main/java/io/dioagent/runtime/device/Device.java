package io.dioagent.runtime.device;

import io.dioagent.runtime.base.Limit;
import io.dioagent.runtime.base.Permits;
import io.dioagent.runtime.memory.BufferPool;
import io.dioagent.runtime.memory.NativeBuffer;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;

/**
 * What the files of one device have of the runtime's means: lanes, memory, and threads that may get
 * stuck. Each is bounded per device, so that one that is stuck does not starve the others.
 * Thread-safe.
 */
public final class Device {
  /**
   * More writers than this at once would not make a device faster; and a stuck one must leave some
   * of fs.aio-max-nr, which is 65536 by default, or 2048 lanes.
   */
  private static final int LANES = 256;

  /** Blocks being read ahead at once: enough to keep a device busy, and few of the threads. */
  private static final int READS_AHEAD = 16;

  /** As many waiting asynchronous writes at once: their queues are not bounded. */
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
   * A device that nothing uses yet.
   *
   * @param threads may get stuck in the kernel
   */
  Device(LanePool lanes, BufferPool buffers, ExecutorService threads) {
    this.lanes = lanes;
    this.buffers = buffers;
    submitters = new Submitters(threads);
    asyncThreads = TaskQueue.beforeThreads(threads, ASYNC_THREADS);
  }

  /** What is inside the kernel. */
  public Traffic traffic() {
    return traffic;
  }

  /** Threads for asynchronous writes that have to wait. */
  public TaskQueue asyncThreads() {
    return asyncThreads;
  }

  /** Starts those of them that could not be started, for want of threads in the system. */
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

  /** Gives a lane back that has nothing in flight. */
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
   * Runs a task that can be done without on one of a few threads of this device.
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
