package io.dioagent.agent.hook;

import io.dioagent.runtime.api.WriteSource;
import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * The remaining bytes of an application's buffer, which must not change while it is written. Read
 * by one thread at a time; the buffer's position stays as it is.
 */
final class BufferSource implements WriteSource {
  private final ByteBuffer buffer;
  private final int position;
  private final int lengthBytes;

  BufferSource(ByteBuffer buffer) {
    this.buffer = buffer;
    position = buffer.position();
    lengthBytes = buffer.remaining();
  }

  @Override
  public long lengthBytes() {
    return lengthBytes;
  }

  @Override
  public void copyTo(long offset, ByteBuffer destination) {
    int length = destination.remaining();
    Objects.checkFromIndexSize(offset, length, lengthBytes);
    try {
      destination.put(destination.position(), buffer, position + (int) offset, length);
    } catch (RuntimeException e) {
      // Its arena is closed or belongs to another thread, or its limit has changed.
      throw new InternalError("the buffer cannot be read: " + e, e);
    }
    destination.position(destination.position() + length);
  }

  /** Moves the buffer's position by the number of bytes written. */
  void advance(long bytes) {
    buffer.position(position + (int) bytes);
  }
}
