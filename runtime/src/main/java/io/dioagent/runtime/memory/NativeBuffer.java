package io.dioagent.runtime.memory;

import io.dioagent.runtime.api.Errno;
import io.dioagent.runtime.linux.Linux;
import java.nio.ByteBuffer;

/** Page-aligned native memory of the pool. Owned by one request at a time, or free. */
public final class NativeBuffer {
  private final long address;
  private final int capacityBytes;
  private final ByteBuffer bytes;

  // The newer and the older neighbour among the free buffers. Guarded by the pool's monitor.

  private NativeBuffer previousFree;
  private NativeBuffer nextFree;

  /**
   * Maps so many bytes.
   *
   * @throws OutOfMemoryError if the machine has no memory, or the heap none for the view
   */
  NativeBuffer(int capacityBytes) {
    this.capacityBytes = capacityBytes;
    address = Linux.mapMemory(capacityBytes);
    if (address < 0 && address > -4096) {
      String why = Errno.message((int) -address);
      throw new OutOfMemoryError("mmap of " + capacityBytes + " bytes: " + why);
    }
    bytes = viewOrUnmap();
  }

  private ByteBuffer viewOrUnmap() {
    ByteBuffer view = null;
    try {
      view = Linux.view(address, capacityBytes);
      return view;
    } finally {
      if (view == null) {
        Linux.unmapMemory(address, capacityBytes);
      }
    }
  }

  NativeBuffer previousFree() {
    return previousFree;
  }

  NativeBuffer nextFree() {
    return nextFree;
  }

  void link(NativeBuffer newer, NativeBuffer older) {
    previousFree = newer;
    nextFree = older;
  }

  public long address() {
    return address;
  }

  public int capacityBytes() {
    return capacityBytes;
  }

  /** Returns a view of all of it. Its owner sets the view's position and limit. */
  public ByteBuffer bytes() {
    return bytes;
  }
}
