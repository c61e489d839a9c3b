package io.dioagent.runtime;

import io.dioagent.runtime.linux.Linux;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Native buffers within a bound. Sizes are powers of two from a page up. A request gets all its
 * buffers at once or waits, first come first served, so that no two requests each hold half of what
 * they need. Thread-safe; everything is guarded by the lock.
 */
final class BufferPool {
  private static final int SMALLEST_SHIFT = 12;

  private final long limitBytes;
  private final ReentrantLock lock = new ReentrantLock();
  private final ArrayDeque<Waiter> waiters = new ArrayDeque<>();

  /** Free buffers by size class. */
  private final ArrayDeque<NativeBuffer>[] free;

  private long mappedBytes;
  private long inUseBytes;
  private long quarantinedBytes;

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
   * Takes buffers, waiting until a point in time; an interrupt does not end the wait.
   *
   * @param count how many
   * @param bytes how large each has to be
   * @param untilNanoTime by {@link System#nanoTime}
   * @return null if the time came first
   * @throws OutOfMemoryError if the machine has no memory
   */
  NativeBuffer[] acquire(int count, int bytes, long untilNanoTime) {
    int sizeClass = sizeClass(bytes);
    long needed = (long) count * classBytes(sizeClass);
    if (needed > limitBytes) {
      throw new IllegalArgumentException(
          count + " buffers of " + bytes + " bytes asked for, the pool's limit is " + limitBytes);
    }
    boolean interrupted = false;
    lock.lock();
    try {
      if (!waiters.isEmpty() || limitBytes - inUseBytes < needed) {
        Waiter waiter = new Waiter(needed, lock.newCondition());
        waiters.addLast(waiter);
        while (waiters.peekFirst() != waiter || limitBytes - inUseBytes < needed) {
          try {
            long left = untilNanoTime - System.nanoTime();
            if (left <= 0 || (waiter.granted.awaitNanos(left) <= 0 && !isNext(waiter))) {
              waiters.remove(waiter);
              wakeNext();
              return null;
            }
          } catch (InterruptedException e) {
            interrupted = true;
          }
        }
        waiters.removeFirst();
      }
      inUseBytes += needed;
      wakeNext();
      return take(sizeClass, count);
    } finally {
      lock.unlock();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private boolean isNext(Waiter waiter) {
    return waiters.peekFirst() == waiter && limitBytes - inUseBytes >= waiter.bytes;
  }

  private void wakeNext() {
    Waiter next = waiters.peekFirst();
    if (next != null && isNext(next)) {
      next.granted.signal();
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
        giveBack(taken[i]);
      }
      inUseBytes -= (long) (taken.length - takenCount) * bytes;
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
  void release(NativeBuffer[] buffers) {
    lock.lock();
    try {
      for (NativeBuffer buffer : buffers) {
        giveBack(buffer);
      }
      wakeNext();
    } finally {
      lock.unlock();
    }
  }

  private void giveBack(NativeBuffer buffer) {
    inUseBytes -= buffer.capacityBytes();
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
