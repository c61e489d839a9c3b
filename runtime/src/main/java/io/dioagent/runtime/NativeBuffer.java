package io.dioagent.runtime;

import io.dioagent.runtime.linux.Linux;
import java.nio.ByteBuffer;

/** Page-aligned native memory of the pool's. Owned by one request at a time. */
final class NativeBuffer {
  private final long address;
  private final int capacityBytes;
  private final ByteBuffer bytes;

  NativeBuffer(long address, int capacityBytes) {
    this.address = address;
    this.capacityBytes = capacityBytes;
    bytes = Linux.view(address, capacityBytes);
  }

  long address() {
    return address;
  }

  int capacityBytes() {
    return capacityBytes;
  }

  /** A view of all of it, whose position and limit are the owner's to set. */
  ByteBuffer bytes() {
    return bytes;
  }
}
