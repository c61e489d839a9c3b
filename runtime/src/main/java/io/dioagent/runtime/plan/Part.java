package io.dioagent.runtime.plan;

import io.dioagent.runtime.api.WriteSource;
import io.dioagent.runtime.memory.NativeBuffer;
import io.dioagent.runtime.memory.PendingFaults;
import java.nio.ByteBuffer;

/** One part of a write and how far it has got. Owned with its write, by one thread at a time. */
public final class Part {
  private final long offset;
  private final int lengthBytes;
  private final long address;

  /** Null where there is nothing to copy. */
  private final ByteBuffer memory;

  private String whyBuffered;
  private int doneBytes;
  private int bufferedBytes;
  private int errno;

  /** A part whose bytes are still to be copied into a buffer. */
  public Part(WritePlan.Part plan, NativeBuffer buffer) {
    this(
        plan,
        buffer.address() + plan.bufferOffset(),
        buffer.bytes().slice(plan.bufferOffset(), plan.lengthBytes()));
  }

  /** A part whose bytes lie at an address. */
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
   * Takes the part's bytes from the source, which begins at a file offset.
   *
   * @throws InternalError if it is a mapping whose file shrank
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

  /** First byte that is still to be written, in the file and in memory. */
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

  /** 0, or why the rest is not written. */
  int errno() {
    return errno;
  }

  public boolean isOpen() {
    return errno == 0 && doneBytes < lengthBytes;
  }

  /** Null while the part goes direct. */
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

  public void failed(int newErrno) {
    errno = newErrno;
  }

  /** The rest goes through the page cache. */
  public void goBuffered(String why) {
    whyBuffered = why;
  }

  /** It is written once more from its start. */
  public void startAgain() {
    doneBytes = 0;
    bufferedBytes = 0;
  }
}
