package io.dioagent.runtime.memory;

import io.dioagent.runtime.linux.Linux;

/**
 * The free buffers of a pool, by size class, and the bound on all mapped memory. Guarded by the
 * pool's monitor. Only mapping allocates.
 */
final class FreeBuffers {
  private static final int SMALLEST_SHIFT = 12;

  private final long limitBytes;

  /** Free buffers by size class, the newest first, linked by {@link NativeBuffer#nextFree}. */
  private final NativeBuffer[] free;

  /** The oldest free buffer of each class. */
  private final NativeBuffer[] oldestFree;

  private long mappedBytes;

  FreeBuffers(long limitBytes, int largestBytes) {
    this.limitBytes = limitBytes;
    free = new NativeBuffer[sizeClass(largestBytes) + 1];
    oldestFree = new NativeBuffer[free.length];
  }

  /** Returns the index of the smallest class that holds so many bytes. */
  static int sizeClass(int bytes) {
    return Math.max(0, Integer.SIZE - Integer.numberOfLeadingZeros(bytes - 1) - SMALLEST_SHIFT);
  }

  static int classBytes(int sizeClass) {
    return 1 << (sizeClass + SMALLEST_SHIFT);
  }

  /**
   * Returns a free buffer, or maps one; unmaps free ones of other classes if the bound requires.
   */
  NativeBuffer takeOrMap(int sizeClass) {
    NativeBuffer buffer = pollNewest(sizeClass);
    return buffer != null ? buffer : map(classBytes(sizeClass));
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

  void keep(NativeBuffer buffer) {
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

  void unmapAll() {
    for (int i = 0; i < free.length; i++) {
      while (free[i] != null) {
        unmap(pollOldest(i));
      }
    }
  }
}
