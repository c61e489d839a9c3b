package io.dioagent.bench.work;

import io.dioagent.bench.io.WriteShape;
import java.util.BitSet;
import java.util.SplittableRandom;

/** Selects the next block to write, and remembers written blocks. */
final class Blocks {
  private final WriteShape shape;
  private final int count;
  private final SplittableRandom random = new SplittableRandom();
  private final BitSet written = new BitSet();
  private int next;

  Blocks(WriteShape shape, long fileBytes) {
    this.shape = shape;
    this.count = Math.toIntExact(fileBytes / shape.ioBytes());
  }

  /** Returns the position of the next block, in bytes. */
  long next() {
    int block = next;
    if (shape.random()) {
      block = random.nextInt(count);
    } else {
      next = (next + 1) % count;
    }
    written.set(block);
    return (long) block * shape.ioBytes();
  }

  /** Returns the numbers of all blocks that {@link #next} returned. */
  BitSet written() {
    return written;
  }
}
