package io.dioagent.runtime;

import io.dioagent.runtime.linux.Linux;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Native buffers within a bound. Sizes are powers of two from a page up. A request gets all its
 * buffers at once or waits, first come first served among those of its share, so that no two
 * requests each hold half of what they need.
 *
 * <p>A share may grow to what it leaves free: one alone gets half of the memory, and each further
 * one half of what is left ("dynamic thresholds", Choudhury and Hahne). So however much the
 * requests of one share hold that never end, another share's have some.
 *
 * <p>Thread-safe; everything, the shares too, is guarded by the lock.
 */
final class BufferPool {
  private static final int SMALLEST_SHIFT = 12;

  private final long limitBytes;
  private final ReentrantLock lock = new ReentrantLock();

  /** Shares that somebody waits in, the longest without a grant first. */
  private final Set<Share> waiting = new LinkedHashSet<>();

  /** Free buffers by size class. */
  private final ArrayDeque<NativeBuffer>[] free;

  private long mappedBytes;
  private long inUseBytes;
  private long quarantinedBytes;

  /** What one kind of requests holds, and who of them waits. */
  static final class Share {
    private final ArrayDeque<Waiter> waiters = new ArrayDeque<>();
    private long inUseBytes;
  }

  private static final class Waiter {
    final long bytes;
    final Condition granted;

    Waiter(long bytes, Condition granted) {
      this.bytes = bytes;
      this.granted = granted;
    }
  }

  /**
   * A pool.
   *
   * @param limitBytes bound on all of its memory
   * @param largestBytes of one buffer, a power of two
   */
  @SuppressWarnings({"unchecked", "rawtypes"})
  BufferPool(long limitBytes, int largestBytes) {
    this.limitBytes = limitBytes;
    free = new ArrayDeque[sizeClass(largestBytes) + 1];
    for (int i = 0; i < free.length; i++) {
      free[i] = new ArrayDeque<>();
    }
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
  NativeBuffer[] acquire(Share share, int count, int bytes, Limit limit) {
    int sizeClass = sizeClass(bytes);
    long needed = (long) count * classBytes(sizeClass);
    if (needed > limitBytes) {
      throw new IllegalArgumentException(
          count + " buffers of " + bytes + " bytes asked for, the pool's limit is " + limitBytes);
    }
    boolean interrupted = false;
    lock.lock();
    try {
      if (!share.waiters.isEmpty() || !mayTake(share, needed)) {
        Waiter waiter = new Waiter(needed, lock.newCondition());
        share.waiters.addLast(waiter);
        waiting.add(share);
        while (!isNext(share, waiter)) {
          try {
            long left = limit.leftNanos();
            if (left <= 0) {
              leave(share, waiter);
              wakeNext();
              return null;
            }
            long unused = waiter.granted.awaitNanos(left);
          } catch (InterruptedException e) {
            interrupted = true;
          }
        }
        leave(share, waiter);
      }
      NativeBuffer[] taken = take(sizeClass, count);
      inUseBytes += needed;
      share.inUseBytes += needed;
      wakeNext();
      return taken;
    } finally {
      lock.unlock();
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
  NativeBuffer[] acquireUnshared(int bytes) {
    lock.lock();
    try {
      int sizeClass = sizeClass(bytes);
      if (limitBytes - inUseBytes < classBytes(sizeClass)) {
        return null;
      }
      NativeBuffer[] taken = take(sizeClass, 1);
      inUseBytes += classBytes(sizeClass);
      return taken;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes one buffer for what can be done without: while nobody waits, at most a quarter of the
   * memory for a share, and never the last quarter of it.
   *
   * @return null if it has to be done without
   */
  NativeBuffer[] acquireSpare(Share share, int bytes) {
    lock.lock();
    try {
      int sizeClass = sizeClass(bytes);
      long needed = classBytes(sizeClass);
      long quarter = limitBytes / 4;
      if (!waiting.isEmpty()
          || share.inUseBytes + needed > quarter
          || inUseBytes + needed > limitBytes - quarter) {
        return null;
      }
      NativeBuffer[] taken = take(sizeClass, 1);
      inUseBytes += needed;
      share.inUseBytes += needed;
      return taken;
    } finally {
      lock.unlock();
    }
  }

  /** A share that has nothing may take all there is, so that any one request is possible. */
  private boolean mayTake(Share share, long needed) {
    long freeAfter = limitBytes - inUseBytes - needed;
    return freeAfter >= 0 && (share.inUseBytes == 0 || share.inUseBytes + needed <= freeAfter);
  }

  private boolean isNext(Share share, Waiter waiter) {
    return share.waiters.peekFirst() == waiter && mayTake(share, waiter.bytes);
  }

  private void leave(Share share, Waiter waiter) {
    share.waiters.remove(waiter);
    waiting.remove(share);
    if (!share.waiters.isEmpty()) {
      waiting.add(share);
    }
  }

  /** Wakes all that may take; they look again, one after the other. */
  private void wakeNext() {
    for (Share share : waiting) {
      Waiter next = share.waiters.peekFirst();
      if (mayTake(share, next.bytes)) {
        next.granted.signal();
      }
    }
  }

  private NativeBuffer[] take(int sizeClass, int count) {
    NativeBuffer[] taken = new NativeBuffer[count];
    for (int i = 0; i < count; i++) {
      NativeBuffer buffer = free[sizeClass].pollLast();
      taken[i] = buffer != null ? buffer : map(classBytes(sizeClass), taken, i);
    }
    return taken;
  }

  private NativeBuffer map(int bytes, NativeBuffer[] taken, int takenCount) {
    for (int i = 0; i < free.length && mappedBytes + bytes > limitBytes; i++) {
      while (mappedBytes + bytes > limitBytes && !free[i].isEmpty()) {
        unmap(free[i].pollFirst());
      }
    }
    long address = Linux.mapMemory(bytes);
    if (address < 0 && address > -4096) {
      for (int i = 0; i < takenCount; i++) {
        keep(taken[i]);
      }
      wakeNext();
      throw new OutOfMemoryError("mmap of " + bytes + " bytes: " + Errno.message((int) -address));
    }
    mappedBytes += bytes;
    return new NativeBuffer(address, bytes);
  }

  private void unmap(NativeBuffer buffer) {
    Linux.unmapMemory(buffer.address(), buffer.capacityBytes());
    mappedBytes -= buffer.capacityBytes();
  }

  /** Gives buffers back that the kernel does not use any more. */
  void release(Share share, NativeBuffer[] buffers) {
    lock.lock();
    try {
      for (NativeBuffer buffer : buffers) {
        share.inUseBytes -= buffer.capacityBytes();
      }
      releaseUnshared(buffers);
    } finally {
      lock.unlock();
    }
  }

  /** Gives back what {@link #acquireUnshared} took. */
  void releaseUnshared(NativeBuffer[] buffers) {
    lock.lock();
    try {
      for (NativeBuffer buffer : buffers) {
        inUseBytes -= buffer.capacityBytes();
        keep(buffer);
      }
      wakeNext();
    } finally {
      lock.unlock();
    }
  }

  private void keep(NativeBuffer buffer) {
    free[sizeClass(buffer.capacityBytes())].addLast(buffer);
  }

  /** Counts buffers as quarantined: in use, by a request whose caller has gone. */
  void quarantine(NativeBuffer[] buffers) {
    addQuarantined(buffers, 1);
  }

  /** Counts buffers as quarantined no longer. They are released apart from that. */
  void endQuarantine(NativeBuffer[] buffers) {
    addQuarantined(buffers, -1);
  }

  private void addQuarantined(NativeBuffer[] buffers, int sign) {
    lock.lock();
    try {
      for (NativeBuffer buffer : buffers) {
        quarantinedBytes += (long) sign * buffer.capacityBytes();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Whether somebody waits for memory. */
  boolean isWaitedFor() {
    lock.lock();
    try {
      return !waiting.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /** Limit and use, for a message. */
  String describe() {
    lock.lock();
    try {
      return "buffer-memory is "
          + limitBytes
          + " bytes, in use "
          + inUseBytes
          + ", of these quarantined "
          + quarantinedBytes;
    } finally {
      lock.unlock();
    }
  }

  long inUseBytes() {
    lock.lock();
    try {
      return inUseBytes;
    } finally {
      lock.unlock();
    }
  }

  long quarantinedBytes() {
    lock.lock();
    try {
      return quarantinedBytes;
    } finally {
      lock.unlock();
    }
  }

  /** Unmaps what is free; what is in use stays, for the kernel may read it. */
  void close() {
    lock.lock();
    try {
      for (ArrayDeque<NativeBuffer> buffers : free) {
        while (!buffers.isEmpty()) {
          unmap(buffers.pollFirst());
        }
      }
    } finally {
      lock.unlock();
    }
  }
}
