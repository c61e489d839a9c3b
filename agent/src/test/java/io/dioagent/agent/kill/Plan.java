package io.dioagent.agent.kill;

import java.util.SplittableRandom;

/**
 * The writes of one writer: the same sequence for the same seed, so that their number determines
 * their content. Used by one thread.
 */
final class Plan {
  /** Files get no longer: then they are written over from the start, but for those appended to. */
  static final int LIMIT_BYTES = 1 << 20;

  /** Of {@link Way#APPEND}, which cannot start over. */
  static final int APPEND_LIMIT_BYTES = 16 << 20;

  private static final int ALIGNED = 4096;
  private static final int LONGEST = 64 << 10;

  private final Way way;
  private final SplittableRandom random;
  private int offset;
  private int lengthBytes;
  private int version;
  private boolean forced;

  Plan(Way way, long seed) {
    this.way = way;
    random = new SplittableRandom(seed + way.name().hashCode());
  }

  /**
   * Goes on to the next write.
   *
   * @return false if there is none
   */
  boolean next() {
    int end = offset + lengthBytes;
    boolean aligned = random.nextBoolean();
    lengthBytes =
        aligned
            ? ALIGNED * random.nextInt(1, LONGEST / ALIGNED + 1)
            : random.nextInt(1, random.nextBoolean() ? 1000 : LONGEST);
    int limit = way == Way.APPEND ? APPEND_LIMIT_BYTES : LIMIT_BYTES;
    if (way.isSequential()) {
      offset = end + lengthBytes > limit ? 0 : end;
      if (offset == 0 && end > 0 && way == Way.APPEND) {
        return false;
      }
    } else {
      int free = limit - lengthBytes;
      offset = aligned ? random.nextInt(free / ALIGNED + 1) * ALIGNED : random.nextInt(free + 1);
    }
    forced = random.nextInt(20) == 0;
    version++;
    return true;
  }

  int offset() {
    return offset;
  }

  int lengthBytes() {
    return lengthBytes;
  }

  /** Counts the writes, from 1. */
  int version() {
    return version;
  }

  /** Whether the writer forces after this write. */
  boolean forced() {
    return forced;
  }

  /** Returns a version's byte at an offset. Never 0, which stands for unwritten bytes. */
  static byte content(int version, int offset) {
    long mixed = (offset * 31L + version) * 0x9e3779b97f4a7c15L;
    return (byte) (1 + (int) ((mixed >>> 33) % 255));
  }
}
