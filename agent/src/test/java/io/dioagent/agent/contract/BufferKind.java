package io.dioagent.agent.contract;

import java.nio.ByteBuffer;

/** The kinds of an application's buffers. */
public enum BufferKind {
  HEAP,
  HEAP_READ_ONLY,
  HEAP_SLICED,
  DIRECT,
  DIRECT_READ_ONLY,
  DIRECT_SLICED;

  /** Of no use as a multiple of anything. */
  private static final int MARGIN = 13;

  /** A buffer of this kind whose remaining bytes are these. */
  public ByteBuffer holding(byte[] bytes) {
    ByteBuffer all = roomy(bytes.length).put(MARGIN, bytes);
    return switch (this) {
      case HEAP_SLICED, DIRECT_SLICED -> all.slice(MARGIN, bytes.length);
      case HEAP_READ_ONLY, DIRECT_READ_ONLY -> inner(all, bytes.length).asReadOnlyBuffer();
      case HEAP, DIRECT -> inner(all, bytes.length);
    };
  }

  /** A buffer of this kind, or of one that can be written, with room for so many bytes. */
  public ByteBuffer empty(int lengthBytes) {
    ByteBuffer all = roomy(lengthBytes);
    return switch (this) {
      case HEAP_SLICED, DIRECT_SLICED -> all.slice(MARGIN, lengthBytes);
      default -> inner(all, lengthBytes);
    };
  }

  private ByteBuffer roomy(int lengthBytes) {
    int capacity = lengthBytes + 2 * MARGIN;
    return switch (this) {
      case HEAP, HEAP_READ_ONLY, HEAP_SLICED -> ByteBuffer.allocate(capacity);
      case DIRECT, DIRECT_READ_ONLY, DIRECT_SLICED -> ByteBuffer.allocateDirect(capacity);
    };
  }

  private static ByteBuffer inner(ByteBuffer all, int lengthBytes) {
    return all.position(MARGIN).limit(MARGIN + lengthBytes);
  }
}
