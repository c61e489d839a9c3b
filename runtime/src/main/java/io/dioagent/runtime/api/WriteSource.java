package io.dioagent.runtime.api;

import java.nio.ByteBuffer;

/**
 * Bytes to be written, in any kind of memory. Read only by the calling thread, before the call
 * returns. For {@code DirectFile.writeAsync}, other threads read it, one at a time, until the write
 * has ended.
 */
public interface WriteSource {

  /** Returns how many bytes there are. */
  long lengthBytes();

  /**
   * Copies a part of the bytes.
   *
   * @param offset first byte of the part, from the start of the source
   * @param destination receives the part at its position, as many bytes as it has remaining
   * @throws InternalError if the source is a mapping whose file was truncated
   */
  void copyTo(long offset, ByteBuffer destination);

  /**
   * Returns a source of a buffer's remaining bytes, which must not change until the write returns.
   */
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
