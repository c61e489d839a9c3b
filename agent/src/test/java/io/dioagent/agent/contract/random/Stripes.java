package io.dioagent.agent.contract.random;

import java.util.Arrays;

/**
 * A file in stripes, each owned by one thread, and what must be in them. Their borders are no
 * multiples of anything, so that neighbours share pages and blocks; some are smaller than a page.
 *
 * <p>The content of a stripe is guarded by the lock of {@link SharedFile}: its owner changes it
 * under the shared one, whoever has the exclusive one may change all.
 */
final class Stripes {
  private static final int PER_THREAD = 10;
  private static final int LARGEST_BYTES = 180_000;
  private static final int SMALLEST_BYTES = 700;

  private final int threads;
  private final byte[][] contents;
  private final long[] offsets;

  Stripes(int threads, Dice dice) {
    this.threads = threads;
    contents = new byte[threads * PER_THREAD][];
    offsets = new long[contents.length + 1];
    for (int i = 0; i < contents.length; i++) {
      int most = dice.percent(30) ? 4 * SMALLEST_BYTES : LARGEST_BYTES;
      contents[i] = new byte[SMALLEST_BYTES + dice.below(most)];
      offsets[i + 1] = offsets[i] + contents[i].length;
    }
  }

  int count() {
    return contents.length;
  }

  /** A stripe of a thread. */
  int ownedBy(int thread, Dice dice) {
    return dice.below(PER_THREAD) * threads + thread;
  }

  /** Where a stripe begins; that of the count is where the last one ends. */
  long offset(int stripe) {
    return offsets[stripe];
  }

  long endOffset() {
    return offsets[contents.length];
  }

  int lengthBytes(int stripe) {
    return contents[stripe].length;
  }

  /** Something was written. */
  void wrote(int stripe, int from, byte[] bytes) {
    System.arraycopy(bytes, 0, contents[stripe], from, bytes.length);
  }

  /** The file was cut off there, and is as long as before again. */
  void cutFrom(int stripe) {
    for (int i = stripe; i < contents.length; i++) {
      Arrays.fill(contents[i], (byte) 0);
    }
  }

  /** All of it. */
  byte[] all() {
    byte[] all = new byte[(int) endOffset()];
    for (int i = 0; i < contents.length; i++) {
      System.arraycopy(contents[i], 0, all, (int) offsets[i], contents[i].length);
    }
    return all;
  }

  /** Compares the content of a stripe. */
  void expect(int stripe, int from, byte[] found, int foundFrom, int lengthBytes, Object how)
      throws Difference {
    int where =
        Arrays.mismatch(
            contents[stripe], from, from + lengthBytes, found, foundFrom, foundFrom + lengthBytes);
    if (where >= 0) {
      throw new Difference(
          "stripe " + stripe + ", at " + (offsets[stripe] + from + where) + ", read by " + how,
          excerpt(found, foundFrom + where),
          excerpt(contents[stripe], from + where));
    }
  }

  private static String excerpt(byte[] bytes, int from) {
    StringBuilder excerpt = new StringBuilder();
    for (int i = from; i < Math.min(from + 16, bytes.length); i++) {
      excerpt.append(String.format("%02x ", bytes[i]));
    }
    return excerpt.toString();
  }
}
