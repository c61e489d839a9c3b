package io.dioagent.runtime.read;

/**
 * Reads of one file that follow one on the other: one sequential reader, as far as can be seen.
 *
 * <p>Guarded by the monitor of its owner.
 */
abstract class ReadRun {
  /**
   * Number of consecutive reads that make a sequential reader; with fewer, nothing is read ahead. A
   * read at the beginning of a file counts as one that follows.
   */
  private static final int SEQUENTIAL_READS = 2;

  /** A read follows if it leaves out less than this, such as a checksum between two records. */
  private static final int SKIPPED_BYTES = 4096;

  private long nextOffset;
  private int followingReads;
  private long lengthBytes;
  private long lastReadNanoTime;

  /** Begins anew, for a reader at an offset. */
  final void restart(long offset) {
    nextOffset = offset;
    followingReads = offset == 0 ? 0 : -1;
    lengthBytes = 0;
    restarted();
  }

  /** Forgets what was known of the last reader. */
  abstract void restarted();

  /** Whether a read belongs to this run although it does not follow. */
  boolean covers(long offset) {
    return false;
  }

  /** A read of this run begins. */
  void advance(long offset, long readBytes, long nanoTime) {
    if (follows(offset)) {
      followingReads = Math.min(SEQUENTIAL_READS, followingReads + 1);
    }
    nextOffset = offset + readBytes;
    lengthBytes += readBytes;
    lastReadNanoTime = nanoTime;
  }

  final boolean follows(long offset) {
    long skipped = offset - nextOffset;
    return skipped >= 0 && skipped < SKIPPED_BYTES;
  }

  final boolean isSequential() {
    return followingReads >= SEQUENTIAL_READS;
  }

  /** Where the last read ends. */
  final long nextOffset() {
    return nextOffset;
  }

  /** Bytes that its reads asked for. */
  final long lengthBytes() {
    return lengthBytes;
  }

  final long lastReadNanoTime() {
    return lastReadNanoTime;
  }
}
