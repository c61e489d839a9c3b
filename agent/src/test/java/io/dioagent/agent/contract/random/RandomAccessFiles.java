package io.dioagent.agent.contract.random;

import io.dioagent.agent.contract.Bytes;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Operations of RandomAccessFile in addition to its channel's, which share its position. Not
 * thread-safe.
 */
final class RandomAccessFiles {
  /** An encoded string may not be longer. */
  private static final int LONGEST_UTF_BYTES = 65_535;

  private final Choices choices;
  private final Dice dice;

  RandomAccessFiles(Choices choices) {
    this.choices = choices;
    dice = choices.dice();
  }

  void addTo(Menu menu) {
    menu.add(40, this::writeArray);
    menu.add(20, this::writePart);
    menu.add(15, this::writeNumber);
    menu.add(10, this::writeText);
    menu.add(15, this::writeBytewise);
    menu.add(15, this::seek);
    menu.add(25, this::read);
    menu.add(10, this::setLength);
    menu.add(8, this::sync);
    menu.add(4, this::farAway);
  }

  private interface Action {
    Object on(RandomAccessFile file) throws Exception;
  }

  /** Uses an open one, or opens one. */
  private Operation operation(String text, int writtenBytes, Action action) throws IOException {
    int slot = choices.slot(handle -> handle.randomAccessFile() != null, -1);
    if (slot < 0) {
      return Opening.randomAccessFile(choices.anySlot(), "rw", FileSide.Name.FILE);
    }
    return new Operation(
        "RandomAccessFile." + text + " on " + slot,
        writtenBytes == 0 ? null : choices.atPosition(slot, writtenBytes),
        side -> action.on(side.handle(slot).randomAccessFile()));
  }

  private Operation writeArray() throws IOException {
    byte[] bytes = choices.bytes();
    return operation(
        "write " + bytes.length,
        bytes.length,
        file -> {
          file.write(bytes);
          return "written";
        });
  }

  private Operation writePart() throws IOException {
    byte[] bytes = choices.bytes();
    int from = dice.below(bytes.length + 1);
    int length = dice.below(bytes.length - from + (dice.percent(3) ? 10 : 1));
    return operation(
        "write " + length + " from " + from + " of " + bytes.length,
        length,
        file -> {
          file.write(bytes, from, length);
          return "written";
        });
  }

  private Operation writeNumber() throws IOException {
    long number = dice.number();
    int kind = dice.below(9);
    return operation(
        "write number of kind " + kind,
        Long.BYTES,
        file -> {
          switch (kind) {
            case 0 -> file.write((int) number);
            case 1 -> file.writeByte((int) number);
            case 2 -> file.writeBoolean(number < 0);
            case 3 -> file.writeShort((int) number);
            case 4 -> file.writeChar((int) number);
            case 5 -> file.writeInt((int) number);
            case 6 -> file.writeLong(number);
            case 7 -> file.writeFloat(Float.intBitsToFloat((int) number));
            default -> file.writeDouble(Double.longBitsToDouble(number));
          }
          return "written";
        });
  }

  private Operation writeText() throws IOException {
    String text = new String(choices.bytes(70_000), StandardCharsets.ISO_8859_1);
    int kind = dice.below(3);
    int lengthBytes = kind == 0 ? text.length() : 2 * text.length();
    return operation(
        "write text of kind " + kind + ", " + text.length(),
        kind == 2 ? Math.min(lengthBytes, LONGEST_UTF_BYTES + Short.BYTES) : lengthBytes,
        file -> {
          switch (kind) {
            case 0 -> file.writeBytes(text);
            case 1 -> file.writeChars(text);
            default -> file.writeUTF(text);
          }
          return "written";
        });
  }

  private Operation writeBytewise() throws IOException {
    byte[] bytes = choices.bytes(30);
    return operation(
        "write byte by byte " + bytes.length,
        bytes.length,
        file -> {
          for (byte one : bytes) {
            file.write(one);
          }
          return "written";
        });
  }

  private Operation seek() throws IOException {
    long offset = choices.offset();
    int skipped = dice.percent(30) ? dice.length() : 0;
    long back = dice.percent(3) ? -1 : offset;
    return operation(
        "seek " + back + " and skipBytes " + skipped,
        0,
        file -> {
          file.seek(back);
          return file.skipBytes(skipped) + " to " + file.getFilePointer();
        });
  }

  private Operation read() throws IOException {
    long offset = choices.offset();
    int length = dice.length();
    int kind = dice.below(4);
    return operation(
        "seek " + offset + " and read of kind " + kind + ", " + length,
        0,
        file -> {
          file.seek(offset);
          byte[] read = new byte[length + 20];
          String count =
              switch (kind) {
                case 0 -> "byte " + file.read();
                case 1 -> "some " + file.read(read);
                case 2 -> "part " + file.read(read, 10, length);
                default -> {
                  file.readFully(read, 10, length);
                  yield "all " + file.length();
                }
              };
          return count + ", " + Bytes.hash(ByteBuffer.wrap(read));
        });
  }

  private Operation setLength() throws IOException {
    long lengthBytes = choices.offset();
    return operation(
        "setLength " + lengthBytes,
        0,
        file -> {
          file.setLength(lengthBytes);
          return file.length();
        });
  }

  private Operation sync() throws IOException {
    return operation(
        "getFD().sync()",
        0,
        file -> {
          file.getFD().sync();
          return file.length();
        });
  }

  /** Where no file of that size fits on any disk, and back. */
  private Operation farAway() throws IOException {
    byte[] bytes = Bytes.of(dice.number(), dice.oneOf(1, 511, 4096, 70_000));
    long offset = (1L << dice.oneOf(36, 43, 44, 62)) + dice.oneOf(-4096, -1, 0, 511);
    return operation(
        "write " + bytes.length + " at " + offset + ", and back",
        0,
        file -> {
          long size = file.length();
          long pointer = file.getFilePointer();
          StringBuilder outcome = new StringBuilder();
          try {
            file.seek(offset);
            file.write(bytes);
          } catch (IOException e) {
            outcome.append(e);
          }
          outcome.append(" at ").append(file.getFilePointer()).append(" of ").append(file.length());
          try {
            file.setLength(size);
          } finally {
            file.seek(pointer);
          }
          return outcome;
        });
  }
}
