package io.dioagent.runtime.api;

import java.nio.ByteBuffer;

/**
 * The destination of a read, in any kind of memory. Written only by the calling thread, before the
 * call returns.
 */
public interface ReadSink {

  /** Returns how many bytes there is room for. */
  long lengthBytes();

  /**
   * Takes a part of the bytes.
   *
   * @param offset where the part goes, from the start of the sink
   * @param source the part: from its position to its limit, which lie within the sink's length
   * @throws InternalError if the sink is a mapping whose file was truncated
   */
  void copyFrom(long offset, ByteBuffer source);

  /** Returns a sink for a buffer's remaining bytes. The buffer's position does not change. */
  static ReadSink of(ByteBuffer buffer) {
    ByteBuffer view = buffer.slice();
    return new ReadSink() {
      @Override
      public long lengthBytes() {
        return view.limit();
      }

      @Override
      public void copyFrom(long offset, ByteBuffer source) {
        view.put((int) offset, source, source.position(), source.remaining());
      }
    };
  }
}
