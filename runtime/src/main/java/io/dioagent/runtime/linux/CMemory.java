package io.dioagent.runtime.linux;

import java.nio.ByteBuffer;

/** A small piece of native memory for a system call's structs, zeroed. Not thread-safe. */
public final class CMemory implements AutoCloseable {
  private final long address;
  private final ByteBuffer bytes;

  public CMemory(int lengthBytes) {
    address = Linux.malloc(lengthBytes);
    if (address == 0) {
      throw new OutOfMemoryError("malloc of " + lengthBytes + " bytes failed");
    }
    bytes = Linux.view(address, lengthBytes);
    for (int i = 0; i < lengthBytes; i++) {
      bytes.put(i, (byte) 0);
    }
  }

  public long address() {
    return address;
  }

  /** The memory, in the machine's byte order; invalid after {@link #close}. */
  public ByteBuffer bytes() {
    return bytes;
  }

  @Override
  public void close() {
    Linux.free(address);
  }
}
