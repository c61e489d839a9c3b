package io.dioagent.agent.contract.javadoc;

import static io.dioagent.agent.contract.javadoc.Lengths.UNALIGNED;

import io.dioagent.agent.contract.Bytes;
import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UTFDataFormatException;
import java.util.Arrays;

/** Writes to a {@link RandomAccessFile}. */
final class RandomAccessWriting {
  private RandomAccessWriting() {}

  static void addTo(Cases.Of random) {
    writing(random);
    inSubclass(random);
    values(random);
    text(random);
  }

  private static void writing(Cases.Of random) {
    random.add(
        "Writes the specified byte to this file. The write starts at the current file pointer.",
        (side, seen) -> {
          byte[] expected = side.fill(5000);
          RandomAccessFile file = side.random("rw");
          for (int at : new int[] {0, 4095, 4096, 4999, 5000, 9000}) {
            file.seek(at);
            for (int b : new int[] {0, 127, 255, 256, -1}) {
              file.write(b);
              expected = Lengths.overwritten(expected, at++, new byte[] {(byte) b});
              seen.is("pointer", at, file.getFilePointer());
            }
          }
          seen.content("content", expected, side.file());
        });
    random.add(
        "Writes b.length bytes from the specified byte array to this file, starting at the current"
            + " file pointer.",
        (side, seen) -> {
          byte[] expected = side.fill(UNALIGNED);
          RandomAccessFile file = side.random("rw");
          for (int at : new int[] {0, 4096, 5000, UNALIGNED}) {
            for (int length : Lengths.ALL) {
              byte[] bytes = Bytes.of(at + length, length);
              file.seek(at);
              file.write(bytes);
              seen.is("pointer", at + length, file.getFilePointer());
              expected = Lengths.overwritten(expected, at, bytes);
            }
          }
          file.write(new byte[0]);
          seen.content("content", expected, side.file());
        });
    random.add(
        "Writes len bytes from the specified byte array starting at offset off to this file.",
        (side, seen) -> {
          RandomAccessFile file = side.random("rw");
          byte[] bytes = Bytes.of(1, UNALIGNED);
          byte[] expected = new byte[0];
          for (int[] range : new int[][] {{0, 4096}, {5, 100}, {1, 65_536}, {UNALIGNED, 0}}) {
            file.write(bytes, range[0], range[1]);
            byte[] part = Arrays.copyOfRange(bytes, range[0], range[0] + range[1]);
            expected = Lengths.joined(expected, part);
          }
          for (int[] range : new int[][] {{-1, 1}, {0, -1}, {UNALIGNED, 1}, {1, UNALIGNED}}) {
            seen.fails(
                IndexOutOfBoundsException.class,
                "write",
                () -> file.write(bytes, range[0], range[1]));
          }
          seen.fails(NullPointerException.class, "null", () -> file.write(null, 0, 1));
          seen.fails(NullPointerException.class, "null", () -> file.write((byte[]) null));
          seen.is("pointer", expected.length, file.getFilePointer());
          seen.content("content", expected, side.file());
        });
  }

  private static void inSubclass(Cases.Of random) {
    random.add(
        "Writes the specified byte to this file.",
        (side, seen) -> {
          int[] calls = new int[3];
          RandomAccessFile file =
              side.keep(
                  new RandomAccessFile(side.file().toFile(), "rw") {
                    @Override
                    public void write(int b) throws IOException {
                      calls[0]++;
                      super.write(b ^ 1);
                    }

                    @Override
                    public void write(byte[] b) throws IOException {
                      calls[1]++;
                      super.write(b);
                    }

                    @Override
                    public void write(byte[] b, int off, int len) throws IOException {
                      calls[2]++;
                      super.write(b, off, len);
                    }
                  });
          file.write(4);
          file.write(Bytes.of(1, 4096));
          file.write(Bytes.of(2, 5000), 3, 4000);
          file.writeInt(1234567);
          file.writeUTF("Grüße");
          file.writeBytes("bytes");
          file.writeChars("chars");
          file.writeDouble(1.5);
          seen.value("calls", Arrays.toString(calls)); // Which methods use which is not said.
          seen.value("pointer", file.getFilePointer());
        });
    random.add(
        "Writes b.length bytes from the specified byte array to this file",
        (side, seen) -> {
          RandomAccessFile file = side.random("rw");
          byte[] bytes = Bytes.of(1, 9000);
          for (byte b : bytes) { // As data streams do.
            file.write(b);
          }
          seen.content("content", bytes, side.file());
        });
  }

  private static void values(Cases.Of random) {
    random.add(
        "Writes an int to the file as four bytes, high byte first.",
        (side, seen) -> {
          RandomAccessFile file = side.random("rw");
          file.seek(4090);
          file.writeInt(0x01020304);
          file.writeInt(0x05060708);
          file.writeShort(0x090a);
          file.writeLong(0x0b0c0d0e0f101112L);
          byte[] expected = new byte[18];
          for (int i = 0; i < expected.length; i++) {
            expected[i] = (byte) (i + 1);
          }
          seen.content("content", Lengths.overwritten(new byte[0], 4090, expected), side.file());
          file.seek(4090);
          seen.is("int", 0x01020304, file.readInt());
          file.seek(4098);
          seen.is("short", 0x090a, file.readShort());
          seen.is("long", 0x0b0c0d0e0f101112L, file.readLong());
        });
    random.add(
        "Writes a boolean to the file as a one-byte value.",
        (side, seen) -> {
          RandomAccessFile file = side.random("rw");
          file.writeBoolean(true);
          file.writeBoolean(false);
          file.writeByte(300);
          file.writeChar('ß');
          file.writeFloat(1.25f);
          file.writeDouble(-1e300);
          seen.is("pointer", 17, file.getFilePointer());
          file.seek(0);
          seen.holds("boolean", file.readBoolean());
          seen.is("boolean", false, file.readBoolean());
          seen.is("byte", 44, file.readUnsignedByte());
          seen.is("char", 'ß', file.readChar());
          seen.is("float", 1.25f, file.readFloat());
          seen.is("double", -1e300, file.readDouble());
          seen.fails(EOFException.class, "end", () -> file.readByte());
        });
  }

  private static void text(Cases.Of random) {
    random.add(
        "Each character in the string is written out, in sequence, by discarding its high eight"
            + " bits.",
        (side, seen) -> {
          RandomAccessFile file = side.random("rw");
          file.writeBytes("text ä€\n");
          file.writeBytes("x".repeat(UNALIGNED));
          file.writeBytes("");
          seen.is("pointer", 8 + UNALIGNED, file.getFilePointer());
          file.seek(0);
          seen.is("line", "text ä¬", file.readLine());
        });
    random.add(
        "Each character is written to the data output stream as if by the writeChar method.",
        (side, seen) -> {
          RandomAccessFile file = side.random("rw");
          file.writeChars("a€");
          file.writeChars("y".repeat(5000));
          seen.is("pointer", 10_004, file.getFilePointer());
          file.seek(2);
          seen.is("char", '€', file.readChar());
        });
    random.add(
        "First, two bytes are written to the file, starting at the current file pointer, as if by"
            + " the writeShort method giving the number of bytes to follow.",
        (side, seen) -> {
          RandomAccessFile file = side.random("rw");
          file.writeUTF("a€ß");
          String longest = "z".repeat(65_535);
          file.writeUTF(longest);
          seen.fails(UTFDataFormatException.class, "too long", () -> file.writeUTF(longest + "z"));
          seen.is("pointer", 8 + 65_537, file.getFilePointer());
          file.seek(0);
          seen.is("bytes", 6, file.readShort() & 0xffff);
          file.seek(0);
          seen.is("text", "a€ß", file.readUTF());
          seen.is("long text", longest, file.readUTF());
        });
  }
}
