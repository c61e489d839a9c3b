package io.dioagent.agent.contract;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Bytes made of a number, and numbers made of bytes. */
public final class Bytes {
  private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

  private Bytes() {}

  /** Bytes of which no eight are the same, and none the same as another seed's. */
  public static byte[] of(long seed, int lengthBytes) {
    byte[] bytes = new byte[lengthBytes];
    ByteBuffer view = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    long state = seed * MULTIPLIER;
    while (view.remaining() >= Long.BYTES) {
      state += MULTIPLIER;
      view.putLong(mixed(state));
    }
    for (long rest = mixed(state + MULTIPLIER); view.hasRemaining(); rest >>>= Byte.SIZE) {
      view.put((byte) rest);
    }
    return bytes;
  }

  private static long mixed(long state) {
    long z = (state ^ state >>> 30) * 0xBF58476D1CE4E5B9L;
    z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
    return z ^ z >>> 31;
  }

  /** A number that depends on every byte between the position and the limit, which stay. */
  public static String hash(ByteBuffer buffer) {
    ByteBuffer rest = buffer.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    long hash = rest.remaining();
    while (rest.remaining() >= Long.BYTES) {
      hash = (hash ^ rest.getLong()) * MULTIPLIER;
      hash ^= hash >>> 29;
    }
    while (rest.hasRemaining()) {
      hash = (hash ^ rest.get()) * MULTIPLIER;
    }
    return Long.toHexString(hash);
  }
}
