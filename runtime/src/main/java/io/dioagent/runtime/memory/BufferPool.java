package io.dioagent.runtime.memory;

import io.dioagent.runtime.base.Limit;
import io.dioagent.runtime.linux.Linux;
import java.util.concurrent.locks.LockSupport;

/**
 * Native buffers within a bound. Sizes are powers of two from a page up. A request gets all its
 * buffers at once or waits, first come first served among those of its share, so that no two
 * requests each hold half of what they need.
 *
 * <p>A share may grow to what it leaves free: one alone gets half of the memory, and each further
 * one half of what is left ("dynamic thresholds", Choudhury and Hahne). So however much the
 * requests of one share hold that never end, another share's have some.
 *
 * <p>Thread-safe; everything, the shares too, is guarded by the monitor. Giving back, counting and
 * waking allocate nothing: lists are linked through what is on them, and a monitor needs no heap,
 * while a lock object does as soon as a thread has to wait for it.
 */
public final class BufferPool {
  private static final int SMALLEST_SHIFT = 12;

  private final long limitBytes;
  // Shares that a thread waits in, linked by nextWaiting: the longest without a grant first.

  private Share firstWaiting;
  private Share lastWaiting;

  /** Free buffers by size class, the newest first, linked by {@link NativeBuffer#nextFree}. */
  private final NativeBuffer[] free;

  /** The oldest of each class. */
  private final NativeBuffer[] oldestFree;

  private long mappedBytes;
  private long inUseBytes;
  private long quarantinedBytes;

  /** What one kind of requests holds, and who of them waits. */
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
   * A pool.
   *
   * @param limitBytes bound on all of its memory
   * @param largestBytes of one buffer, a power of two
   */
  public BufferPool(long limitBytes, int largestBytes) {
    this.limitBytes = limitBytes;
    free = new NativeBuffer[sizeClass(largestBytes) + 1];
    oldestFree = new NativeBuffer[free.length];
  }

  /** Index of the smallest class that holds so many bytes. */
  private static int sizeClass(int bytes) {
    return Math.max(0, Integer.SIZE - Integer.numberOfLeadingZeros(bytes - 1) - SMALLEST_SHIFT);
  }

  private static int classBytes(int sizeClass) {
    return 1 << (sizeClass + SMALLEST_SHIFT);
  }

  /**
   * Takes buffers, waiting for them; an interrupt does not end the wait.
   *
   * @param count how many
   * @param bytes how large each has to be
   * @return null if the limit came first
   * @throws OutOfMemoryError if the machine has no memory
   */
  public NativeBuffer[] acquire(Share share, int count, int bytes, Limit limit) {
    int sizeClass = sizeClass(bytes);
    long needed = (long) count * classBytes(sizeClass);
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

  /** Under the monitor. Fills an array, whose share it becomes. */
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
   * Takes one buffer beside all shares, if there is room now.
   *
   * @return null if there is none
   */
  public NativeBuffer[] acquireUnshared(int bytes) {
    NativeBuffer[] taken = new NativeBuffer[1];
    synchronized (this) {
      int sizeClass = sizeClass(bytes);
      if (limitBytes - inUseBytes < classBytes(sizeClass)) {
        return null;
      }
      take(sizeClass, taken);
      inUseBytes += classBytes(sizeClass);
      return taken;
    }
  }

  /**
   * Takes one buffer for what can be done without: while nobody waits, at most a quarter of the
   * memory for a share, and never the last quarter of it.
   *
   * @return null if it has to be done without
   */
  public NativeBuffer[] acquireSpare(Share share, int bytes) {
    NativeBuffer[] taken = new NativeBuffer[1];
    synchronized (this) {
      int sizeClass = sizeClass(bytes);
      long needed = classBytes(sizeClass);
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

  /** A share that has nothing may take all there is, so that any one request is possible. */
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

  /** Wakes all that may take; they look again, one after the other. */
  private void wakeNext() {
    for (Share share = firstWaiting; share != null; share = share.nextWaiting) {
      if (mayTake(share, share.firstWaiter.bytes)) {
        LockSupport.unpark(share.firstWaiter.thread);
      }
    }
  }

  /** Under the monitor. Fills an array, or takes nothing and throws. */
  private void take(int sizeClass, NativeBuffer[] taken) {
    int count = 0;
    try {
      while (count < taken.length) {
        NativeBuffer buffer = pollNewest(sizeClass);
        taken[count] = buffer != null ? buffer : map(classBytes(sizeClass));
        count++;
      }
    } finally {
      if (count < taken.length) {
        while (count > 0) {
          keep(taken[--count]);
        }
        wakeNext();
      }
    }
  }

  private NativeBuffer map(int bytes) {
    for (int i = 0; i < free.length && mappedBytes + bytes > limitBytes; i++) {
      while (mappedBytes + bytes > limitBytes && free[i] != null) {
        unmap(pollOldest(i));
      }
    }
    NativeBuffer made = new NativeBuffer(bytes);
    mappedBytes += bytes;
    return made;
  }

  private void unmap(NativeBuffer buffer) {
    Linux.unmapMemory(buffer.address(), buffer.capacityBytes());
    mappedBytes -= buffer.capacityBytes();
  }

  private NativeBuffer pollNewest(int sizeClass) {
    NativeBuffer newest = free[sizeClass];
    if (newest != null) {
      free[sizeClass] = newest.nextFree();
      if (newest.nextFree() == null) {
        oldestFree[sizeClass] = null;
      }
      newest.link(null, null);
      if (free[sizeClass] != null) {
        free[sizeClass].link(null, free[sizeClass].nextFree());
      }
    }
    return newest;
  }

  private NativeBuffer pollOldest(int sizeClass) {
    NativeBuffer oldest = oldestFree[sizeClass];
    NativeBuffer before = oldest.previousFree();
    oldestFree[sizeClass] = before;
    if (before == null) {
      free[sizeClass] = null;
    } else {
      before.link(before.previousFree(), null);
    }
    oldest.link(null, null);
    return oldest;
  }

  /** Gives buffers back that the kernel does not use any more. */
  public void release(Share share, NativeBuffer[] buffers) {
    synchronized (this) {
      for (NativeBuffer buffer : buffers) {
        share.inUseBytes -= buffer.capacityBytes();
      }
      releaseUnshared(buffers);
    }
  }

  /** Gives back what {@link #acquireUnshared} took. */
  void releaseUnshared(NativeBuffer[] buffers) {
    synchronized (this) {
      for (NativeBuffer buffer : buffers) {
        inUseBytes -= buffer.capacityBytes();
        keep(buffer);
      }
      wakeNext();
    }
  }

  private void keep(NativeBuffer buffer) {
    int sizeClass = sizeClass(buffer.capacityBytes());
    NativeBuffer before = free[sizeClass];
    buffer.link(null, before);
    if (before == null) {
      oldestFree[sizeClass] = buffer;
    } else {
      before.link(buffer, before.nextFree());
    }
    free[sizeClass] = buffer;
  }

  /** Counts buffers as quarantined: in use, by a request whose caller has gone. */
  public void quarantine(NativeBuffer[] buffers) {
    addQuarantined(buffers, 1);
  }

  /** Counts buffers as quarantined no longer. They are released apart from that. */
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

  /** Whether somebody waits for memory. */
  public boolean isWaitedFor() {
    synchronized (this) {
      return firstWaiting != null;
    }
  }

  /** Limit and use, for a message. */
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

  /** Unmaps what is free; what is in use stays, for the kernel may read it. */
  public void close() {
    synchronized (this) {
      for (int i = 0; i < free.length; i++) {
        while (free[i] != null) {
          unmap(pollOldest(i));
        }
      }
    }
  }
}
