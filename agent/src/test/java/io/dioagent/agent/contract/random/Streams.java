package io.dioagent.agent.contract.random;

import io.dioagent.agent.contract.Bytes;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Operations of FileOutputStream and FileInputStream in addition to their channels'. Not
 * thread-safe.
 */
final class Streams {
  private final Choices choices;
  private final Dice dice;

  Streams(Choices choices) {
    this.choices = choices;
    dice = choices.dice();
  }

  void addTo(Menu menu) {
    menu.add(35, this::writeArray);
    menu.add(20, this::writePart);
    menu.add(15, this::writeBytewise);
    menu.add(25, this::read);
    menu.add(5, this::skip);
  }

  /** Exposes the descriptor, so that the agent may not see its use. */
  void addHoldingTo(Menu menu) {
    menu.add(5, this::sync);
  }

  private interface Output {
    Object on(FileOutputStream stream) throws Exception;
  }

  private interface Input {
    Object on(FileInputStream stream) throws Exception;
  }

  /** Uses an open one, or opens one. */
  private Operation output(String text, int writtenBytes, Output action) throws IOException {
    int slot = choices.slot(handle -> handle.outputStream() != null, -1);
    if (slot < 0) {
      return Opening.outputStream(choices.anySlot(), true, FileSide.Name.FILE);
    }
    return new Operation(
        "FileOutputStream." + text + " on " + slot,
        choices.atPosition(slot, writtenBytes),
        side -> action.on(side.handle(slot).outputStream()));
  }

  private Operation input(String text, Input action) {
    int slot = choices.slot(handle -> handle.inputStream() != null, -1);
    if (slot < 0) {
      return Opening.inputStream(choices.anySlot(), FileSide.Name.FILE);
    }
    return new Operation(
        "FileInputStream." + text + " on " + slot,
        null,
        side -> action.on(side.handle(slot).inputStream()));
  }

  private Operation writeArray() throws IOException {
    byte[] bytes = choices.bytes();
    return output(
        "write " + bytes.length,
        bytes.length,
        stream -> {
          stream.write(bytes);
          return "written";
        });
  }

  private Operation writePart() throws IOException {
    byte[] bytes = choices.bytes();
    int from = dice.below(bytes.length + 1);
    int length = dice.below(bytes.length - from + (dice.percent(3) ? 10 : 1));
    return output(
        "write " + length + " from " + from + " of " + bytes.length,
        length,
        stream -> {
          stream.write(bytes, from, length);
          return "written";
        });
  }

  private Operation writeBytewise() throws IOException {
    byte[] bytes = choices.bytes(30);
    return output(
        "write byte by byte " + bytes.length,
        bytes.length,
        stream -> {
          for (byte one : bytes) {
            stream.write(one);
          }
          stream.flush();
          return "written";
        });
  }

  private Operation sync() throws IOException {
    return output(
        "getFD().sync()",
        0,
        stream -> {
          stream.getFD().sync();
          return "synchronized";
        });
  }

  private Operation read() {
    int length = dice.length();
    int kind = dice.below(4);
    return input(
        "read of kind " + kind + ", " + length,
        stream -> {
          byte[] read = new byte[length + 20];
          int count =
              switch (kind) {
                case 0 -> stream.read();
                case 1 -> stream.read(read);
                case 2 -> stream.read(read, 10, length);
                default -> stream.readNBytes(read, 10, length);
              };
          return count + ", " + Bytes.hash(ByteBuffer.wrap(read));
        });
  }

  /** By its channel, too: forwards, or back, so that there is something to read again. */
  private Operation skip() throws IOException {
    long offset = choices.offset();
    int length = dice.length();
    return input(
        "position " + offset + " and skip " + length,
        stream -> {
          stream.getChannel().position(offset);
          return stream.skip(length) + ", available " + stream.available();
        });
  }
}
