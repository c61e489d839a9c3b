package io.dioagent.runtime.api;

import java.nio.ByteBuffer;

/**
 * Bytes to be written, wherever they lie. Read by the calling thread only, before it returns; but
 * of {@code DirectFile.writeAsync} by others, one at a time, until that has ended.
 */
public interface WriteSource {

  /** How many bytes there are. */
  long lengthBytes();

  /**
   * Copies a part of the bytes.
   *
   * @param offset first byte of the part, from the start of the source
   * @param destination the part goes to its position; as many bytes as it has remaining
   * @throws InternalError if the source is a mapping whose file was truncated
   */
  void copyTo(long offset, ByteBuffer destination);

  /** The remaining bytes of a buffer, which must not change until the write returns. */
  static WriteSource of(ByteBuffer buffer) {
    ByteBuffer view = buffer.slice();
    return new WriteSource() {
      @Override
      public long lengthBytes() {
        return view.limit();
      }

      @Override
      public void copyTo(long offset, ByteBuffer destination) {
        int length = destination.remaining();
        destination.put(destination.position(), view, (int) offset, length);
        destination.position(destination.position() + length);
      }
    };
  }
}
