package io.dioagent.bench.work;

import io.dioagent.bench.io.WriteShape;
import java.util.BitSet;
import java.util.SplittableRandom;

/** Which block of a file is written next, and which ones were. */
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

  /** The position of the next one, in bytes. */
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

  /** The numbers of those that {@link #next} answered. */
  BitSet written() {
    return written;
  }
}
