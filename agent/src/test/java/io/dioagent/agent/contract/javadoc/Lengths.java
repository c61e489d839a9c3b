package io.dioagent.agent.contract.javadoc;

import java.nio.ByteBuffer;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * Lengths, in bytes, of writes that take different ways: within a block, aligned, cut, in pieces.
 */
final class Lengths {
  static final int SMALL = 100;
  static final int ALIGNED = 64 << 10;
  static final int UNALIGNED = 70_001;
  static final int[] ALL = {1, 511, 4096, ALIGNED, UNALIGNED, (1 << 20) + 13, 3 << 20};

  private Lengths() {}

  /** How most cases open their file. */
  static StandardOpenOption[] createReadWrite() {
    return new StandardOpenOption[] {
      StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE
    };
  }

  /** Bytes in an aligned direct buffer, as direct I/O wants them. */
  static ByteBuffer aligned(byte[] bytes) {
    int blockBytes = 4096;
    return ByteBuffer.allocateDirect(bytes.length + 2 * blockBytes)
        .alignedSlice(blockBytes)
        .limit(bytes.length)
        .put(bytes)
        .flip();
  }

  /** Two arrays in one. */
  static byte[] joined(byte[] first, byte[] second) {
    return ByteBuffer.allocate(first.length + second.length).put(first).put(second).array();
  }

  /** A file's bytes after others were written into it, zeros before those if it was shorter. */
  static byte[] overwritten(byte[] file, int offset, byte[] written) {
    byte[] bytes = Arrays.copyOf(file, Math.max(file.length, offset + written.length));
    System.arraycopy(written, 0, bytes, offset, written.length);
    return bytes;
  }
}
