package io.dioagent.runtime.engine;

import io.dioagent.runtime.linux.CMemory;

/**
 * Pieces of memory that one system call writes one after the other. Not thread-safe.
 *
 * <pre>
 * struct iovec {      // readv(2)
 *    0  void  *iov_base;
 *    8  size_t iov_len;
 * };
 * </pre>
 */
public final class GatherList implements AutoCloseable {
  /**
   * Limits the pieces of one list; IOV_MAX is 1024, and no buffered write of the runtime needs
   * more. One more is refused.
   */
  static final int CAPACITY = 1024;

  private static final int IOVEC_BYTES = 16;
  private static final int LENGTH = 8;

  private final CMemory memory = new CMemory(CAPACITY * IOVEC_BYTES);
  private int count;
  private long lengthBytes;

  /** Makes an empty list. */
  public GatherList() {}

  /** Removes all pieces. */
  public void clear() {
    count = 0;
    lengthBytes = 0;
  }

  /**
   * Adds a piece.
   *
   * @throws IllegalStateException if there are {@value #CAPACITY} already
   */
  public void add(long address, long pieceBytes) {
    if (count == CAPACITY) {
      throw new IllegalStateException("all " + CAPACITY + " pieces are in use");
    }
    int at = count++ * IOVEC_BYTES;
    memory.bytes().putLong(at, address);
    memory.bytes().putLong(at + LENGTH, pieceBytes);
    lengthBytes += pieceBytes;
  }

  /** Returns the length of all pieces together. */
  public long lengthBytes() {
    return lengthBytes;
  }

  /** Removes all bytes after the first so many. */
  public void shortenTo(long bytes) {
    long left = bytes;
    int kept = 0;
    while (kept < count && left > 0) {
      int at = kept++ * IOVEC_BYTES + LENGTH;
      long piece = Math.min(left, memory.bytes().getLong(at));
      memory.bytes().putLong(at, piece);
      left -= piece;
    }
    count = kept;
    lengthBytes = bytes - left;
  }

  int count() {
    return count;
  }

  long address() {
    return memory.address();
  }

  @Override
  public void close() {
    memory.close();
  }
}
