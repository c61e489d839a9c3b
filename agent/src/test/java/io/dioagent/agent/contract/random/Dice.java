package io.dioagent.agent.contract.random;

import java.util.SplittableRandom;

/** Sizes, offsets and choices, the same for the same seed on every JDK. Not thread-safe. */
final class Dice {
  static final int LARGEST_BYTES = 3 << 20;

  /** The file is kept about this size, so that comparing it takes no time to speak of. */
  static final long USUAL_FILE_BYTES = 12L << 20;

  private static final int PAGE_BYTES = 4096;
  private static final int SECTOR_BYTES = 512;

  private final SplittableRandom random;

  Dice(long seed) {
    random = new SplittableRandom(seed);
  }

  /** From 0 to bound - 1. */
  int below(int bound) {
    return random.nextInt(bound);
  }

  /** From 0 to bound - 1. */
  long below(long bound) {
    return random.nextLong(bound);
  }

  boolean percent(int chance) {
    return below(100) < chance;
  }

  long number() {
    return random.nextLong();
  }

  @SafeVarargs
  final <T> T oneOf(T... choices) {
    return choices[below(choices.length)];
  }

  /** How much to write or read: 0 to 3 MiB, mostly small, often aligned or nearly so. */
  int length() {
    int kind = below(100);
    if (kind < 3) {
      return 0;
    } else if (kind < 20) {
      return 1 + below(600);
    } else if (kind < 42) {
      return PAGE_BYTES * (1 + below(16));
    } else if (kind < 52) {
      return SECTOR_BYTES * (1 + below(64));
    } else if (kind < 72) {
      return 1 + below(70_000);
    } else if (kind < 93) {
      return nearly(PAGE_BYTES * (1 + below(40)));
    } else if (kind < 97) {
      return 1 + below(LARGEST_BYTES);
    }
    return Math.min(LARGEST_BYTES, nearly((256 << 10) * (1 + below(12))));
  }

  /** A place in a file of this size, at its end, or beyond it. */
  long offset(long sizeBytes) {
    int kind = below(100);
    if (kind < 3) {
      return 0;
    } else if (kind < 35) {
      return below(sizeBytes / PAGE_BYTES + 1) * PAGE_BYTES;
    } else if (kind < 48) {
      return below(sizeBytes / SECTOR_BYTES + 1) * SECTOR_BYTES;
    } else if (kind < 72) {
      return below(sizeBytes + 1);
    } else if (kind < 82) {
      return sizeBytes;
    } else if (kind < 90) {
      return Math.max(0, sizeBytes - 3 + below(7));
    } else if (kind < 96) {
      return sizeBytes + below(70_000);
    }
    return (sizeBytes + below(4 << 20)) & (kind < 98 ? -PAGE_BYTES : -1);
  }

  private int nearly(int boundary) {
    return boundary - 2 + below(5);
  }
}
