package io.dioagent.runtime.behind;

/**
 * The part of one MiB of a file that callers wrote through the page cache and that is still to be
 * written back and dropped. Guarded by the monitor of its {@link Trail}, then by that of {@link
 * Flushes} or the thread that has taken it from there.
 */
final class Step {
  /** Bytes per step: few enough not to crowd the page cache, and many for one system call. */
  static final long BYTES = 1 << 20;

  /** Kept as an object: finding and removing a step by it allocates nothing. */
  private final Long index;

  /** Pages below were cached before the write, by others: they stay. */
  private final long keptEnd;

  /** Null unless the same part is being written back, while this one is open. */
  private Step before;

  // Dropped once more: a large folio stays if a page of it has been written again.

  private long beforeFrom = Long.MAX_VALUE;
  private long beforeEnd;

  private long from = Long.MAX_VALUE;
  private long end;
  private long writtenBytes;
  private boolean closed;
  private boolean started;
  private boolean dropped;

  /** Writes to this part that are under way. Counted by the latest step of the part. */
  private int writers;

  // Since it is closed.

  private Trail trail;
  private long readyNanoTime;

  // Neighbours in the one StepQueue that it is on.

  private Step previous;
  private Step next;

  Step(long index, long keptEnd) {
    this.index = index;
    this.keptEnd = keptEnd;
  }

  /**
   * Opens a part again that is being written back.
   *
   * @param before the same part
   */
  Step(Step before) {
    this(before.index, before.keptEnd);
    this.before = before;
    writers = before.writers;
    beforeFrom = Math.min(before.from, before.beforeFrom);
    beforeEnd = before.dropEnd();
  }

  static long indexOf(long offset) {
    return offset / BYTES;
  }

  Long index() {
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
    return Math.max(Math.min(from, beforeFrom), keptEnd);
  }

  /** Where they end. */
  long dropEnd() {
    return Math.max(end, beforeEnd);
  }

  boolean isOpen() {
    return !closed;
  }

  /** No more is written to it. */
  void close() {
    closed = true;
    before = null;
  }

  /** It is to be flushed from now on. */
  void passOn(Trail owner, long nowNanoTime) {
    trail = owner;
    readyNanoTime = nowNanoTime;
  }

  /** Returns the trail that it is of, once it is to be flushed. */
  Trail trail() {
    return trail;
  }

  /** Returns when it became ready to be flushed, by {@link System#nanoTime}. */
  long readyNanoTime() {
    return readyNanoTime;
  }

  /** Returns the same part that is being written back; null for none. */
  Step before() {
    return before;
  }

  /** The pages of {@link #before} have been dropped. */
  void forgetBefore() {
    before = null;
  }

  /** Whether nothing is left to write back and drop. */
  boolean isDropped() {
    return dropped;
  }

  void drop() {
    dropped = true;
  }

  int writers() {
    return writers;
  }

  void setWriters(int newWriters) {
    writers = newWriters;
  }

  /** Whether its write-back has been started. */
  boolean isStarted() {
    return started;
  }

  void start() {
    started = true;
  }

  Step previous() {
    return previous;
  }

  Step next() {
    return next;
  }

  void setPrevious(Step newPrevious) {
    previous = newPrevious;
  }

  void setNext(Step newNext) {
    next = newNext;
  }
}
