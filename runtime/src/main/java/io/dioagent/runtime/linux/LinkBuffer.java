package io.dioagent.runtime.linux;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Native memory for one readlink(2): the name and the target. One buffer is kept for the next call,
 * because making the views takes longer than the call itself. Used by the thread that took it.
 *
 * @param nameAddress address of the name
 * @param name the memory there
 * @param targetAddress address of the target
 * @param target the memory there
 */
record LinkBuffer(long nameAddress, ByteBuffer name, long targetAddress, ByteBuffer target) {
  /** PATH_MAX of linux/limits.h. */
  static final int TARGET_BYTES = 4096;

  private static final int NAME_BYTES = 64;

  private static final AtomicReference<LinkBuffer> KEPT = new AtomicReference<>();

  static LinkBuffer take() {
    LinkBuffer kept = KEPT.getAndSet(null);
    if (kept != null) {
      return kept;
    }
    long address = Linux.malloc(NAME_BYTES + TARGET_BYTES);
    if (address == 0) {
      throw new OutOfMemoryError("malloc of " + (NAME_BYTES + TARGET_BYTES) + " bytes failed");
    }
    long targetAddress = address + NAME_BYTES;
    return new LinkBuffer(
        address,
        Linux.view(address, NAME_BYTES),
        targetAddress,
        Linux.view(targetAddress, TARGET_BYTES));
  }

  void giveBack() {
    if (!KEPT.compareAndSet(null, this)) {
      Linux.free(nameAddress);
    }
  }
}
