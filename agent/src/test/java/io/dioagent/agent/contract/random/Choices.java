package io.dioagent.agent.contract.random;

import io.dioagent.agent.contract.BufferKind;
import io.dioagent.agent.contract.Bytes;
import io.dioagent.agent.contract.random.Operation.Range;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.function.Predicate;

/**
 * Chooses bytes, places, buffers and channels for operations by the dice, which see the plain file
 * only. Not thread-safe.
 */
final class Choices {
  private final Dice dice;
  private final FileSide plain;

  Choices(Dice dice, FileSide plain) {
    this.dice = dice;
    this.plain = plain;
  }

  Dice dice() {
    return dice;
  }

  FileSide plain() {
    return plain;
  }

  long sizeBytes() throws IOException {
    return plain.sizeBytes();
  }

  /** A place in the file, at its end, or beyond it. */
  long offset() throws IOException {
    return dice.offset(plain.sizeBytes());
  }

  byte[] bytes() {
    return bytes(Dice.LARGEST_BYTES);
  }

  /** So many at most. */
  byte[] bytes(int mostBytes) {
    return Bytes.of(dice.number(), Math.min(mostBytes, dice.length()));
  }

  BufferKind bufferKind() {
    return dice.oneOf(BufferKind.values());
  }

  int anySlot() {
    return dice.below(FileSide.SLOTS);
  }

  /** Mostly one that can be written; sometimes any. */
  int writableSlot() {
    return dice.percent(3) ? anySlot() : slot(Handle::isWritable, anySlot());
  }

  /** Mostly one that can be read; sometimes any. */
  int readableSlot() {
    return dice.percent(3) ? anySlot() : slot(Handle::isReadable, anySlot());
  }

  /** An open one of a kind, or this one if there is none. */
  int slot(Predicate<Handle> kind, int otherwise) {
    int first = anySlot();
    for (int i = 0; i < FileSide.SLOTS; i++) {
      int slot = (first + i) % FileSide.SLOTS;
      Handle handle = plain.handle(slot);
      if (handle != null && handle.isOpen() && kind.test(handle)) {
        return slot;
      }
    }
    return otherwise;
  }

  /** The range that a write at the channel's own position may change. */
  Range atPosition(int slot, int lengthBytes) throws IOException {
    Handle handle = plain.handle(slot);
    if (handle == null || !handle.isOpen()) {
      return null;
    }
    return Range.around(handle.channel().position(), lengthBytes);
  }

  static FileChannel channel(FileSide side, int slot) throws IOException {
    return side.handles().require(slot).channel();
  }

  /** Where a buffer was left. */
  static String left(ByteBuffer buffer) {
    return " [" + buffer.position() + ".." + buffer.limit() + "]";
  }

  /** Returns the bytes that were read into a buffer. */
  static String content(ByteBuffer buffer, int start) {
    return Bytes.hash(buffer.duplicate().flip().position(start));
  }
}
