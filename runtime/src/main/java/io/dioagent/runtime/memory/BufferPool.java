package io.dioagent.runtime.memory;

import io.dioagent.runtime.base.Limit;
import java.util.concurrent.locks.LockSupport;

/**
 * Native buffers within a bound. Sizes are powers of two from a page up. A request gets all its
 * buffers at once or waits, first come first served within its share. So no two requests each hold
 * half of the buffers that they need.
 *
 * <p>A share may grow to the size that it leaves free: one alone gets half of the memory, and each
 * further one half of the rest ("dynamic thresholds", Choudhury and Hahne). So however much memory
 * one share's requests hold without ending, other shares still get some.
 *
 * <p>Thread-safe; everything, including the shares, is guarded by the monitor. Giving back,
 * counting and waking allocate nothing: the lists are linked through their elements. A monitor
 * needs no heap, while a lock object allocates as soon as a thread has to wait for it.
 */
public final class BufferPool {
  private final long limitBytes;
  private final FreeBuffers free;

  // Shares with waiting threads, linked by nextWaiting: the longest without a grant first.

  private Share firstWaiting;
  private Share lastWaiting;

  private long inUseBytes;
  private long quarantinedBytes;

  /** The memory that one kind of request holds, and the threads that wait for more. */
  public static final class Share {
    private Waiter firstWaiter;
    private Waiter lastWaiter;
    private long inUseBytes;
    private boolean isWaiting;
    private Share nextWaiting;
  }

  private static final class Waiter {
    final long bytes;
    final Thread thread = Thread.currentThread();
    Waiter next;

    Waiter(long bytes) {
      this.bytes = bytes;
    }
  }

  /**
   * Makes an empty pool.
   *
   * @param limitBytes bound on all of its memory
   * @param largestBytes of one buffer, a power of two
   */
  public BufferPool(long limitBytes, int largestBytes) {
    this.limitBytes = limitBytes;
    free = new FreeBuffers(limitBytes, largestBytes);
  }

  /**
   * Takes buffers, and waits for them if necessary; an interrupt does not end the wait.
   *
   * @param count how many
   * @param bytes how large each has to be
   * @return null if the limit came first
   * @throws OutOfMemoryError if the machine has no memory
   */
  public NativeBuffer[] acquire(Share share, int count, int bytes, Limit limit) {
    int sizeClass = FreeBuffers.sizeClass(bytes);
    long needed = (long) count * FreeBuffers.classBytes(sizeClass);
    if (needed > limitBytes) {
      throw new IllegalArgumentException(
          count + " buffers of " + bytes + " bytes asked for, the pool's limit is " + limitBytes);
    }
    NativeBuffer[] taken = new NativeBuffer[count];
    synchronized (this) {
      if (share.firstWaiter == null && mayTake(share, needed)) {
        return taken(share, sizeClass, taken, needed);
      }
    }
    return acquireInTurn(share, sizeClass, taken, needed, limit);
  }

  /** Fills an array and charges it to the share. The caller holds the monitor. */
  private NativeBuffer[] taken(Share share, int sizeClass, NativeBuffer[] taken, long bytes) {
    take(sizeClass, taken);
    inUseBytes += bytes;
    share.inUseBytes += bytes;
    wakeNext();
    return taken;
  }

  private NativeBuffer[] acquireInTurn(
      Share share, int sizeClass, NativeBuffer[] taken, long bytes, Limit limit) {
    Waiter mine = new Waiter(bytes);
    boolean interrupted = false;
    enter(share, mine);
    try {
      while (true) {
        synchronized (this) {
          if (share.firstWaiter == mine && mayTake(share, bytes)) {
            return taken(share, sizeClass, taken, bytes);
          }
        }
        long left = limit.leftNanos();
        if (left <= 0) {
          return null;
        }
        LockSupport.parkNanos(this, left);
        interrupted |= Thread.interrupted();
      }
    } finally {
      leave(share, mine);
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /**
   * Takes one buffer outside all shares, if there is room now.
   *
   * @return null if there is none
   */
  public NativeBuffer[] acquireUnshared(int bytes) {
    NativeBuffer[] taken = new NativeBuffer[1];
    synchronized (this) {
      int sizeClass = FreeBuffers.sizeClass(bytes);
      if (limitBytes - inUseBytes < FreeBuffers.classBytes(sizeClass)) {
        return null;
      }
      take(sizeClass, taken);
      inUseBytes += FreeBuffers.classBytes(sizeClass);
      return taken;
    }
  }

  /**
   * Takes one buffer for optional work: only while no thread waits, at most a quarter of the memory
   * for a share, and never the last quarter of it.
   *
   * @return null if there is none
   */
  public NativeBuffer[] acquireSpare(Share share, int bytes) {
    NativeBuffer[] taken = new NativeBuffer[1];
    synchronized (this) {
      int sizeClass = FreeBuffers.sizeClass(bytes);
      long needed = FreeBuffers.classBytes(sizeClass);
      long quarter = limitBytes / 4;
      if (firstWaiting != null
          || share.inUseBytes + needed > quarter
          || inUseBytes + needed > limitBytes - quarter) {
        return null;
      }
      take(sizeClass, taken);
      inUseBytes += needed;
      share.inUseBytes += needed;
      return taken;
    }
  }

  /**
   * Returns whether a share may take so many bytes. An empty share may take all there is, so that
   * any single request is possible.
   */
  private boolean mayTake(Share share, long needed) {
    long freeAfter = limitBytes - inUseBytes - needed;
    return freeAfter >= 0 && (share.inUseBytes == 0 || share.inUseBytes + needed <= freeAfter);
  }

  private synchronized void enter(Share share, Waiter waiter) {
    if (share.firstWaiter == null) {
      share.firstWaiter = waiter;
    } else {
      share.lastWaiter.next = waiter;
    }
    share.lastWaiter = waiter;
    if (!share.isWaiting) {
      addLast(share);
    }
  }

  private synchronized void leave(Share share, Waiter waiter) {
    Waiter before = null;
    for (Waiter one = share.firstWaiter; one != waiter; one = one.next) {
      before = one;
    }
    if (before == null) {
      share.firstWaiter = waiter.next;
    } else {
      before.next = waiter.next;
    }
    if (share.lastWaiter == waiter) {
      share.lastWaiter = before;
    }
    remove(share);
    if (share.firstWaiter != null) {
      addLast(share);
    }
    wakeNext();
  }

  private void addLast(Share share) {
    share.isWaiting = true;
    share.nextWaiting = null;
    if (firstWaiting == null) {
      firstWaiting = share;
    } else {
      lastWaiting.nextWaiting = share;
    }
    lastWaiting = share;
  }

  private void remove(Share share) {
    Share before = null;
    for (Share one = firstWaiting; one != share; one = one.nextWaiting) {
      before = one;
    }
    if (before == null) {
      firstWaiting = share.nextWaiting;
    } else {
      before.nextWaiting = share.nextWaiting;
    }
    if (lastWaiting == share) {
      lastWaiting = before;
    }
    share.isWaiting = false;
  }

  /** Wakes all threads that may take; each checks again. */
  private void wakeNext() {
    for (Share share = firstWaiting; share != null; share = share.nextWaiting) {
      if (mayTake(share, share.firstWaiter.bytes)) {
        LockSupport.unpark(share.firstWaiter.thread);
      }
    }
  }

  /** Fills an array, or takes nothing and throws. The caller holds the monitor. */
  private void take(int sizeClass, NativeBuffer[] taken) {
    int count = 0;
    try {
      while (count < taken.length) {
        taken[count] = free.takeOrMap(sizeClass);
        count++;
      }
    } finally {
      if (count < taken.length) {
        while (count > 0) {
          free.keep(taken[--count]);
        }
        wakeNext();
      }
    }
  }

  /** Gives back buffers that the kernel no longer uses. */
  public void release(Share share, NativeBuffer[] buffers) {
    synchronized (this) {
      for (NativeBuffer buffer : buffers) {
        share.inUseBytes -= buffer.capacityBytes();
      }
      releaseUnshared(buffers);
    }
  }

  /** Gives back the buffers of {@link #acquireUnshared}. */
  void releaseUnshared(NativeBuffer[] buffers) {
    synchronized (this) {
      for (NativeBuffer buffer : buffers) {
        inUseBytes -= buffer.capacityBytes();
        free.keep(buffer);
      }
      wakeNext();
    }
  }

  /** Counts buffers as quarantined: in use by a request whose caller was released. */
  public void quarantine(NativeBuffer[] buffers) {
    addQuarantined(buffers, 1);
  }

  /** Ends the count of buffers as quarantined. They are released separately. */
  public void endQuarantine(NativeBuffer[] buffers) {
    addQuarantined(buffers, -1);
  }

  private void addQuarantined(NativeBuffer[] buffers, int sign) {
    synchronized (this) {
      for (NativeBuffer buffer : buffers) {
        quarantinedBytes += (long) sign * buffer.capacityBytes();
      }
    }
  }

  /** Returns whether a thread waits for memory. */
  public boolean isWaitedFor() {
    synchronized (this) {
      return firstWaiting != null;
    }
  }

  /** Returns limit and use, for a message. */
  public String describe() {
    synchronized (this) {
      return "buffer-memory is "
          + limitBytes
          + " bytes, in use "
          + inUseBytes
          + ", of these quarantined "
          + quarantinedBytes;
    }
  }

  public long inUseBytes() {
    synchronized (this) {
      return inUseBytes;
    }
  }

  public long quarantinedBytes() {
    synchronized (this) {
      return quarantinedBytes;
    }
  }

  /** Unmaps the free buffers. Buffers in use stay, because the kernel may read them. */
  public void close() {
    synchronized (this) {
      free.unmapAll();
    }
  }
}
