package io.dioagent.runtime.plan;

import io.dioagent.runtime.api.WriteSource;
import io.dioagent.runtime.memory.NativeBuffer;
import io.dioagent.runtime.memory.PendingFaults;
import java.nio.ByteBuffer;

/** One part of a write and its progress. Owned with its write, by one thread at a time. */
public final class Part {
  private final long offset;
  private final int lengthBytes;
  private final long address;

  /** Null if there is nothing to copy. */
  private final ByteBuffer memory;

  private String whyBuffered;
  private int doneBytes;
  private int bufferedBytes;
  private int errno;

  /** Makes a part whose bytes are still to be copied into a buffer. */
  public Part(WritePlan.Part plan, NativeBuffer buffer) {
    this(
        plan,
        buffer.address() + plan.bufferOffset(),
        buffer.bytes().slice(plan.bufferOffset(), plan.lengthBytes()));
  }

  /** Makes a part whose bytes lie at an address. */
  public Part(WritePlan.Part plan, long address) {
    this(plan, address, null);
  }

  private Part(WritePlan.Part plan, long address, ByteBuffer memory) {
    offset = plan.offset();
    lengthBytes = plan.lengthBytes();
    this.address = address;
    this.memory = memory;
    whyBuffered = plan.whyBuffered();
  }

  /**
   * Copies the part's bytes from the source, which begins at a file offset.
   *
   * @throws InternalError if the source maps a file that shrank
   */
  public void copyFrom(WriteSource source, long sourceStart) {
    PendingFaults.copy(source, offset - sourceStart, memory);
  }

  public long offset() {
    return offset;
  }

  public int lengthBytes() {
    return lengthBytes;
  }

  /** Returns the offset of the first byte that is still to be written. */
  public long restOffset() {
    return offset + doneBytes;
  }

  public long restAddress() {
    return address + doneBytes;
  }

  public int restBytes() {
    return lengthBytes - doneBytes;
  }

  public int doneBytes() {
    return doneBytes;
  }

  public int bufferedBytes() {
    return bufferedBytes;
  }

  public int directBytes() {
    return doneBytes - bufferedBytes;
  }

  /** Returns the reason why the rest is not written; 0 if there is none. */
  int errno() {
    return errno;
  }

  /** Returns whether bytes are still to be written. */
  public boolean isOpen() {
    return errno == 0 && doneBytes < lengthBytes;
  }

  /** Returns the reason for the fallback; null while the part goes direct. */
  public String whyBuffered() {
    return whyBuffered;
  }

  public boolean isDirect() {
    return whyBuffered == null;
  }

  public void wroteDirect(int bytes) {
    doneBytes += bytes;
  }

  public void wroteBuffered(int bytes) {
    doneBytes += bytes;
    bufferedBytes += bytes;
  }

  /** Sets the error; the rest is not written. */
  public void failed(int newErrno) {
    errno = newErrno;
  }

  /** Sends the rest through the page cache. */
  public void goBuffered(String why) {
    whyBuffered = why;
  }

  /** Starts the part again from its first byte. */
  public void startAgain() {
    doneBytes = 0;
    bufferedBytes = 0;
  }
}
