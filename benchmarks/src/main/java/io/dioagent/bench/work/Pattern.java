package io.dioagent.bench.work;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Bytes that identify the run and the position: each block begins with its position, followed by a
 * pattern of the run.
 */
public final class Pattern {
  private static final long STEP = 0x9E3779B97F4A7C15L;

  private final long salt;
  private final ByteBuffer template;

  /**
   * Makes a pattern.
   *
   * @param blockBytes length of a block, at least 8
   * @param salt differs from run to run
   */
  public Pattern(int blockBytes, long salt) {
    this.salt = salt;
    this.template = ByteBuffer.allocateDirect(blockBytes);
    long state = salt;
    while (template.hasRemaining()) {
      state = Long.rotateLeft(state + STEP, 23) * STEP;
      template.put((byte) (state >>> 56));
    }
  }

  public int blockBytes() {
    return template.capacity();
  }

  /** Fills a whole block; {@link #stamp} makes it complete. */
  public void fill(ByteBuffer block) {
    block.put(0, template, 0, template.capacity());
  }

  /** Writes the position of a block into it. */
  public void stamp(ByteBuffer block, long position) {
    block.putLong(0, position ^ salt);
  }

  /** Returns whether the block at this offset of a buffer is the block of the position. */
  boolean matches(ByteBuffer buffer, int offset, long position) {
    int length = template.capacity();
    ByteBuffer block = buffer.slice(offset, length).order(ByteOrder.BIG_ENDIAN);
    return block.getLong(0) == (position ^ salt)
        && block
            .slice(Long.BYTES, length - Long.BYTES)
            .equals(template.slice(Long.BYTES, length - Long.BYTES));
  }
}
