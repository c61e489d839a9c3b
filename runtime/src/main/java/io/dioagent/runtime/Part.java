package io.dioagent.runtime;

import java.nio.ByteBuffer;

/** One part of a write and how far it has got. Owned with its write, by one thread at a time. */
final class Part {
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
  Part(WritePlan.Part plan, NativeBuffer buffer) {
    this(
        plan,
        buffer.address() + plan.bufferOffset(),
        buffer.bytes().slice(plan.bufferOffset(), plan.lengthBytes()));
  }

  /** A part whose bytes lie at an address. */
  Part(WritePlan.Part plan, long address) {
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
  void copyFrom(WriteSource source, long sourceStart) {
    PendingFaults.copy(source, offset - sourceStart, memory);
  }

  long offset() {
    return offset;
  }

  int lengthBytes() {
    return lengthBytes;
  }

  /** First byte that is still to be written, in the file and in memory. */
  long restOffset() {
    return offset + doneBytes;
  }

  long restAddress() {
    return address + doneBytes;
  }

  int restBytes() {
    return lengthBytes - doneBytes;
  }

  int doneBytes() {
    return doneBytes;
  }

  int bufferedBytes() {
    return bufferedBytes;
  }

  int directBytes() {
    return doneBytes - bufferedBytes;
  }

  /** 0, or why the rest is not written. */
  int errno() {
    return errno;
  }

  boolean isOpen() {
    return errno == 0 && doneBytes < lengthBytes;
  }

  /** Null while the part goes direct. */
  String whyBuffered() {
    return whyBuffered;
  }

  boolean isDirect() {
    return whyBuffered == null;
  }

  void wroteDirect(int bytes) {
    doneBytes += bytes;
  }

  void wroteBuffered(int bytes) {
    doneBytes += bytes;
    bufferedBytes += bytes;
  }

  void failed(int newErrno) {
    errno = newErrno;
  }

  /** The rest goes through the page cache. */
  void goBuffered(String why) {
    whyBuffered = why;
  }

  /** It is written once more from its start. */
  void startAgain() {
    doneBytes = 0;
    bufferedBytes = 0;
  }
}
