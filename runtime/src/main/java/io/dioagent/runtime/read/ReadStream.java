package io.dioagent.runtime.read;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;

/**
 * A sequential reader and the blocks that are read ahead of it. Blocks grow while the reader uses
 * them up, and more of them are begun once it has had to wait for one. A reader that lets blocks
 * grow old begins anew with the smallest ones.
 *
 * <p>Guarded by the monitor of its {@link ReadAhead}.
 */
final class ReadStream extends ReadRun {
  /** Number of blocks at first, the one in use included. */
  private static final int LEAST_DEPTH = 2;

  /** Limits the blocks of a stream, the one in use included. */
  private static final int MOST_DEPTH = 4;

  /** The blocks behind one that was used up in less time may be longer. */
  private static final long SHORT_LIFE_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  /** The blocks behind one that took longer are shorter: a block is kept for a second. */
  private static final long LONG_LIFE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private final int leastBytes;
  private final int mostBytes;

  /** By offset, each beginning where the one before ends. Null before the first one. */
  private ArrayDeque<ReadBlock> blocks;

  private int blockBytes;
  private int depth;

  /**
   * A stream without a reader.
   *
   * @param leastBytes of a block
   * @param mostBytes of a block
   */
  ReadStream(int leastBytes, int mostBytes) {
    this.leastBytes = leastBytes;
    this.mostBytes = mostBytes;
  }

  @Override
  void restarted() {
    dropAll();
    shrink();
  }

  @Override
  boolean covers(long offset) {
    return blockWith(offset) != null;
  }

  @Override
  void advance(long offset, long readBytes, long nanoTime) {
    super.advance(offset, readBytes, nanoTime);
    while (blockBytes < readBytes && blockBytes < mostBytes) {
      blockBytes *= 2;
    }
  }

  /** How long the next block is to be. */
  int blockBytes() {
    return blockBytes;
  }

  /** The reader has waited for a block: more of them are begun from now on. */
  void deepen() {
    depth = Math.min(MOST_DEPTH, depth + 1);
  }

  private void shrink() {
    blockBytes = leastBytes;
    depth = LEAST_DEPTH;
  }

  // Its blocks.

  boolean hasBlocks() {
    return blocks != null && !blocks.isEmpty();
  }

  /** Whether there is room for a further block behind one that is in use. */
  boolean wantsMoreBehind(ReadBlock current) {
    return hasBlocks() && blocks.peekFirst().equals(current) && blocks.size() < depth;
  }

  /** Where the last block ends; called if there is one. */
  long endOffset() {
    return blocks.peekLast().endOffset();
  }

  /** Null if no block holds the byte. */
  ReadBlock blockWith(long at) {
    if (hasBlocks() && at >= blocks.peekFirst().offset() && at < endOffset()) {
      for (ReadBlock block : blocks) {
        if (block.holds(at)) {
          return block;
        }
      }
    }
    return null;
  }

  void add(ReadBlock block) {
    if (blocks == null) {
      blocks = new ArrayDeque<>(MOST_DEPTH + 2);
    }
    blocks.addLast(block);
  }

  /** Takes back the block that was added last; it stays held. */
  void removeLast() {
    blocks.removeLast();
  }

  /** Drops the blocks before one: the reader has used them up, sooner or later. */
  void dropBefore(ReadBlock block, long nanoTime) {
    while (!block.equals(blocks.peekFirst())) {
      ReadBlock used = blocks.pollFirst();
      long livedNanos = nanoTime - used.startNanoTime();
      if (livedNanos < SHORT_LIFE_NANOS) {
        blockBytes = Math.min(mostBytes, 2 * blockBytes);
      } else if (livedNanos > LONG_LIFE_NANOS) {
        blockBytes = Math.max(leastBytes, blockBytes / 2);
      }
      used.read().letGo();
    }
  }

  void drop(ReadBlock block) {
    if (hasBlocks() && blocks.remove(block)) {
      block.read().letGo();
    }
  }

  void dropAll() {
    while (hasBlocks()) {
      blocks.pollFirst().read().letGo();
    }
  }

  /** Drops the blocks that were begun before a point in time. */
  void dropOlderThan(long nanoTime) {
    if (!hasBlocks()) {
      return;
    }
    for (Iterator<ReadBlock> all = blocks.iterator(); all.hasNext(); ) {
      ReadBlock block = all.next();
      if (nanoTime - block.startNanoTime() > 0) {
        all.remove();
        block.read().letGo();
        shrink();
      }
    }
  }
}
