package io.dioagent.samples;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A digest over a sequence of values. Lengths are included, so that different sequences differ. */
final class Checksum {
  private final MessageDigest digest;

  Checksum() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  Checksum add(long value) {
    digest.update(ByteBuffer.allocate(Long.BYTES).putLong(0, value));
    return this;
  }

  Checksum add(byte[] value) {
    add(value.length);
    digest.update(value);
    return this;
  }

  Checksum add(String value) {
    return add(value.getBytes(StandardCharsets.UTF_8));
  }

  /** Returns the first 128 bits in hexadecimal, and resets the digest. */
  String hex() {
    return HexFormat.of().formatHex(digest.digest(), 0, 16);
  }

  /** Returns the first 64 bits, and resets the digest. */
  long first64Bits() {
    return ByteBuffer.wrap(digest.digest()).getLong();
  }
}
