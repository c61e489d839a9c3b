package io.dioagent.runtime.behind;

/**
 * The part of one MiB of a file that callers wrote through the page cache and that is still to be
 * written back and dropped. Guarded by the monitor of its {@link Trail}, until a flush takes it.
 */
final class Step {
  /** Bytes per step: few enough not to crowd the page cache, and many for one system call. */
  static final long BYTES = 1 << 20;

  private final long index;

  /** Pages below were cached before the write, by others: they stay. */
  private final long keptEnd;

  private long from = Long.MAX_VALUE;
  private long end;
  private long writtenBytes;
  private boolean started;

  /** The next one of the list that it is on. */
  private Step next;

  private final Trail trail;

  /** When it was closed, by {@link System#nanoTime}. */
  private long readyNanoTime;

  Step(Trail trail, long index, long keptEnd) {
    this.trail = trail;
    this.index = index;
    this.keptEnd = keptEnd;
  }

  static long indexOf(long offset) {
    return offset / BYTES;
  }

  /** Returns the trail that it is of; null in tests. */
  Trail trail() {
    return trail;
  }

  long readyNanoTime() {
    return readyNanoTime;
  }

  void readyAt(long nanoTime) {
    readyNanoTime = nanoTime;
  }

  long index() {
    return index;
  }

  long startOffset() {
    return index * BYTES;
  }

  /** Adds a range, which is cut to this step. Returns how many bytes of it are in this step. */
  long add(long offset, long endOffset) {
    long partFrom = Math.max(offset, startOffset());
    long partEnd = Math.min(endOffset, startOffset() + BYTES);
    from = Math.min(from, partFrom);
    end = Math.max(end, partEnd);
    writtenBytes += partEnd - partFrom;
    return partEnd - partFrom;
  }

  long from() {
    return from;
  }

  long end() {
    return end;
  }

  long lengthBytes() {
    return end - from;
  }

  /** Bytes written to it, also those written twice. */
  long writtenBytes() {
    return writtenBytes;
  }

  boolean isFull() {
    return writtenBytes >= BYTES;
  }

  boolean isEmpty() {
    return writtenBytes == 0;
  }

  long keptEnd() {
    return keptEnd;
  }

  /** Where the pages begin that may be dropped. */
  long dropFrom() {
    return Math.max(from, keptEnd);
  }

  /** Whether its write-back has been started. */
  boolean isStarted() {
    return started;
  }

  void start() {
    started = true;
  }

  Step next() {
    return next;
  }

  void setNext(Step newNext) {
    next = newNext;
  }
}
