package io.dioagent.samples.faults;

/** The bytes of a request, derived from its number and their offset. They do not compress. */
final class Pattern {
  private Pattern() {}

  /** Returns the bytes of a request from a file offset on. */
  static byte[] bytes(int request, long offset, int lengthBytes) {
    byte[] bytes = new byte[lengthBytes];
    long word = 0;
    for (int i = 0; i < lengthBytes; i++) {
      long at = offset + i;
      if (i == 0 || (at & 7) == 0) {
        word = mix(((long) request << 40) ^ (at >>> 3));
      }
      bytes[i] = (byte) (word >>> ((at & 7) * 8));
    }
    return bytes;
  }

  /** The finalizer of MurmurHash3: every bit of the input changes half of the output's. */
  private static long mix(long value) {
    long mixed = value + 0x9e3779b97f4a7c15L;
    mixed = (mixed ^ (mixed >>> 33)) * 0xff51afd7ed558ccdL;
    mixed = (mixed ^ (mixed >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return mixed ^ (mixed >>> 33);
  }
}
