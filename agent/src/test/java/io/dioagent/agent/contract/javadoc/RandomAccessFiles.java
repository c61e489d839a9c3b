package io.dioagent.agent.contract.javadoc;

import static io.dioagent.agent.contract.javadoc.Lengths.UNALIGNED;

import io.dioagent.agent.contract.Bytes;
import java.io.EOFException;
import java.io.File;
import java.io.FileDescriptor;
import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.SyncFailedException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.util.Arrays;

/** {@link RandomAccessFile}. */
final class RandomAccessFiles {
  private RandomAccessFiles() {}

  static void addTo(Cases cases) {
    Cases.Of random = cases.of(RandomAccessFile.class);
    opening(random);
    RandomAccessWriting.addTo(random);
    pointer(random);
    length(random);
    reading(random);
    channel(random);
    closing(random);
    cases
        .of(FileDescriptor.class)
        .add(
            "This method returns after all modified data and attributes of this FileDescriptor have"
                + " been written to the relevant device(s).",
            (side, seen) -> {
              RandomAccessFile file = side.random("rw");
              file.getFD().sync();
              byte[] expected = new byte[0];
              for (int length : Lengths.ALL) {
                byte[] bytes = Bytes.of(length, length);
                file.write(bytes);
                file.getFD().sync();
                expected = Lengths.joined(expected, bytes);
                seen.content("content", expected, side.file());
              }
              seen.holds("valid", file.getFD().valid());
              FileDescriptor descriptor = file.getFD();
              file.close();
              seen.is("valid", false, descriptor.valid());
              seen.fails(SyncFailedException.class, "sync", () -> descriptor.sync());
            });
  }

  private static void opening(Cases.Of random) {
    random.add(
        "Open for reading only. Invoking any of the write methods of the resulting object will"
            + " cause an java.io.IOException to be thrown.",
        (side, seen) -> {
          byte[] before = side.fill(5000);
          RandomAccessFile file = side.random("r");
          seen.fails(IOException.class, "write", () -> file.write(1));
          seen.fails(IOException.class, "array", () -> file.write(new byte[4096]));
          seen.fails(IOException.class, "part", () -> file.write(new byte[UNALIGNED], 3, 5000));
          seen.fails(IOException.class, "int", () -> file.writeInt(1));
          seen.fails(IOException.class, "UTF", () -> file.writeUTF("text"));
          seen.fails(IOException.class, "length", () -> file.setLength(0));
          seen.outcome("nothing", () -> file.write(new byte[0]));
          seen.is("pointer", 0, file.getFilePointer());
          seen.content("content", before, side.file());
        });
    random.add(
        "If the file does not already exist then an attempt will be made to create it.",
        (side, seen) -> {
          RandomAccessFile file = side.random("rw");
          seen.holds("there", Files.exists(side.file()));
          seen.is("length", 0, file.length());
          byte[] bytes = Bytes.of(1, UNALIGNED);
          file.write(bytes);
          RandomAccessFile again = side.random("rw");
          seen.is("length", UNALIGNED, again.length());
          seen.is("pointer", 0, again.getFilePointer());
          seen.content("content", bytes, side.file());
        });
    for (String mode : new String[] {"rw", "rws", "rwd"}) {
      String sentence =
          mode.equals("rw")
              ? "Open for reading and writing."
              : "require that every update to the file's content "
                  + (mode.equals("rws") ? "or metadata be written" : "be written")
                  + " synchronously to the underlying storage device.";
      random.add(sentence, (side, seen) -> mode(side, seen, mode));
    }
    random.add(
        "if the mode argument is not equal to one of \"r\", \"rw\", \"rws\", or \"rwd\"",
        (side, seen) -> {
          for (String mode : new String[] {"w", "", "rwx"}) {
            seen.fails(IllegalArgumentException.class, mode, () -> side.random(mode));
          }
          seen.is("there", false, Files.exists(side.file()));
        });
    random.add(
        "if some other error occurs while opening or creating the file",
        (side, seen) -> {
          seen.fails(FileNotFoundException.class, "none", () -> side.random("r"));
          Files.createDirectory(side.file());
          seen.fails(FileNotFoundException.class, "directory", () -> side.random("rw"));
        });
  }

  private static void mode(Side side, Seen seen, String mode) throws IOException {
    RandomAccessFile file = side.random(mode);
    byte[] expected = new byte[0];
    for (int length : Lengths.ALL) {
      byte[] bytes = Bytes.of(length, length);
      file.write(bytes);
      expected = Lengths.joined(expected, bytes);
      seen.is("pointer", expected.length, file.getFilePointer());
      seen.is("length", expected.length, Files.size(side.file()));
    }
    file.seek(4000);
    byte[] over = Bytes.of(9, 300);
    file.write(over);
    file.writeInt(77);
    expected = Lengths.overwritten(expected, 4000, over);
    expected = Lengths.overwritten(expected, 4300, new byte[] {0, 0, 0, 77});
    FileChannel channel = file.getChannel();
    seen.is("written", 4096, channel.write(ByteBuffer.wrap(Bytes.of(3, 4096)), 4096));
    expected = Lengths.overwritten(expected, 4096, Bytes.of(3, 4096));
    seen.content("content", expected, side.file());
  }

  private static void pointer(Cases.Of random) {
    random.add(
        "the offset from the beginning of the file, in bytes, at which the next read or write"
            + " occurs.",
        (side, seen) -> {
          RandomAccessFile file = side.random("rw");
          seen.is("pointer", 0, file.getFilePointer());
          file.write(Bytes.of(1, 5000));
          seen.is("pointer", 5000, file.getFilePointer());
          file.seek(4000);
          seen.is("read", 1000, file.read(new byte[4096]));
          seen.is("pointer", 5000, file.getFilePointer());
          seen.is("skipped", 0, file.skipBytes(10));
          file.seek(10);
          seen.is("skipped", 100, file.skipBytes(100));
          seen.is("pointer", 110, file.getFilePointer());
        });
    random.add(
        "Setting the offset beyond the end of the file does not change the file length.",
        (side, seen) -> {
          RandomAccessFile file = side.random("rw");
          file.write(Bytes.of(1, 5000));
          file.seek(1L << 40);
          seen.is("length", 5000, file.length());
          seen.is("pointer", 1L << 40, file.getFilePointer());
          seen.is("read", -1, file.read());
        });
    random.add(
        "The file length will change only by writing after the offset has been set beyond the end"
            + " of the file.",
        (side, seen) -> {
          byte[] expected = side.fill(5000);
          RandomAccessFile file = side.random("rw");
          for (int at : new int[] {6000, 20_000, 1 << 20}) {
            file.seek(at);
            seen.is("length", expected.length, file.length());
            byte[] bytes = Bytes.of(at, at == 20_000 ? 4096 : 3);
            file.write(bytes);
            expected = Lengths.overwritten(expected, at, bytes);
            seen.is("length", expected.length, file.length());
          }
          seen.content("content", expected, side.file());
        });
    random.add(
        "if pos is less than 0 or if an I/O error occurs.",
        (side, seen) -> {
          RandomAccessFile file = side.random("rw");
          file.write(1);
          seen.fails(IOException.class, "seek", () -> file.seek(-1));
          seen.is("pointer", 1, file.getFilePointer());
          seen.outcome("far", () -> file.seek(Long.MAX_VALUE));
          seen.outcome("far", () -> file.write(new byte[10]));
          seen.outcome("far", () -> file.write(1));
          seen.value("length", file.length());
          seen.value("pointer", file.getFilePointer());
        });
  }

  private static void length(Cases.Of random) {
    random.add(
        "then the file will be truncated.",
        (side, seen) -> {
          RandomAccessFile file = side.random("rw");
          byte[] bytes = Bytes.of(1, UNALIGNED);
          file.write(bytes);
          for (int length : new int[] {70_000, 65_536, 5000, 17}) {
            file.setLength(length);
            seen.is("length", length, file.length());
            seen.is("pointer", length, file.getFilePointer());
            seen.content("content", Arrays.copyOf(bytes, length), side.file());
          }
          file.write(bytes, 0, 100);
          byte[] expected = Lengths.joined(Arrays.copyOf(bytes, 17), Arrays.copyOf(bytes, 100));
          seen.content("content", expected, side.file());
        });
    random.add(
        "then the file will be extended.",
        (side, seen) -> {
          RandomAccessFile file = side.random("rw");
          file.write(Bytes.of(1, 5000));
          file.setLength(100_001);
          seen.is("length", 100_001, file.length());
          seen.is("pointer", 5000, file.getFilePointer());
          file.write(Bytes.of(2, 4096));
          file.seek(99_990);
          file.write(Bytes.of(3, 100));
          seen.is("length", 100_090, file.length());
          seen.fails(IOException.class, "negative", () -> file.setLength(-1));
          seen.is("length", 100_090, file.length());
        });
  }

  private static void reading(Cases.Of random) {
    random.add(
        "Reads exactly len bytes from this file into the byte array, starting at the current file"
            + " pointer.",
        (side, seen) -> {
          RandomAccessFile file = side.random("rw");
          byte[] bytes = Bytes.of(1, UNALIGNED);
          file.write(bytes);
          file.seek(4000);
          byte[] read = new byte[UNALIGNED];
          file.readFully(read, 5, 66_001);
          seen.content(
              "content",
              Arrays.copyOfRange(bytes, 4000, UNALIGNED),
              Arrays.copyOfRange(read, 5, 66_006));
          file.seek(UNALIGNED - 5);
          seen.fails(EOFException.class, "too much", () -> file.readFully(new byte[6]));
          seen.value("pointer", file.getFilePointer());
          seen.is("read", -1, file.read(read));
          seen.is("read nothing", 0, file.read(read, 0, 0));
        });
  }

  private static void channel(Cases.Of random) {
    random.add(
        "of the returned channel will always be equal to this object's file-pointer offset as"
            + " returned by the getFilePointer method.",
        (side, seen) -> {
          RandomAccessFile file = side.random("rw");
          FileChannel channel = file.getChannel();
          seen.holds("the same", channel == file.getChannel());
          byte[] expected = new byte[0];
          for (int i = 1; i < 40; i++) {
            byte[] bytes = Bytes.of(i, i * 211);
            switch (i % 3) {
              case 0 -> file.write(bytes);
              case 1 -> seen.is("written", bytes.length, channel.write(ByteBuffer.wrap(bytes)));
              default -> {
                for (byte b : bytes) {
                  file.write(b);
                }
              }
            }
            expected = Lengths.joined(expected, bytes);
            seen.is("position", expected.length, channel.position());
            seen.is("pointer", expected.length, file.getFilePointer());
            if (i % 5 == 0) {
              channel.position(expected.length / 2);
              byte[] over = Bytes.of(-i, 5000);
              file.write(over);
              expected = Lengths.overwritten(expected, expected.length / 2, over);
              seen.value("pointer", file.getFilePointer());
              file.seek(expected.length);
            }
          }
          seen.content("content", expected, side.file());
        });
    random.add(
        "Returns the opaque file descriptor object associated with this stream.",
        (side, seen) -> {
          RandomAccessFile file = side.random("rw");
          file.write(Bytes.of(1, 5000));
          FileOutputStream stream = new FileOutputStream(file.getFD());
          stream.write(Bytes.of(2, 4096));
          seen.is("pointer", 9096, file.getFilePointer());
          file.write(7);
          seen.is("position", 9097, stream.getChannel().position());
          seen.is("written", 10, stream.getChannel().write(ByteBuffer.wrap(Bytes.of(3, 10))));
          seen.is("pointer", 9107, file.getFilePointer());
          seen.content(
              "content",
              Lengths.joined(
                  Lengths.joined(Bytes.of(1, 5000), Bytes.of(2, 4096)),
                  Lengths.joined(new byte[] {7}, Bytes.of(3, 10))),
              side.file());
          stream.close();
          seen.fails(IOException.class, "write", () -> file.write(1));
        });
  }

  private static void closing(Cases.Of random) {
    random.add(
        "Closes this random access file stream and releases any system resources associated with"
            + " the stream.",
        (side, seen) -> {
          RandomAccessFile file = side.random("rw");
          file.write(Bytes.of(1, UNALIGNED));
          file.close();
          file.close();
          seen.fails(IOException.class, "write", () -> file.write(1));
          seen.fails(IOException.class, "array", () -> file.write(new byte[4096]));
          seen.fails(IOException.class, "int", () -> file.writeInt(1));
          seen.fails(IOException.class, "read", () -> file.read());
          seen.fails(IOException.class, "seek", () -> file.seek(0));
          seen.fails(IOException.class, "pointer", () -> file.getFilePointer());
          seen.fails(IOException.class, "length", () -> file.length());
          seen.fails(IOException.class, "set length", () -> file.setLength(1));
          seen.outcome("nothing", () -> file.write(new byte[0]));
          seen.content("content", Bytes.of(1, UNALIGNED), side.file());
        });
    random.add(
        "If this file has an associated channel then the channel is closed as well.",
        (side, seen) -> {
          RandomAccessFile file = side.random("rw");
          FileChannel channel = file.getChannel();
          file.write(1);
          file.close();
          seen.is("open", false, channel.isOpen());
          Thread.currentThread().interrupt(); // Not interruptible, unlike its channel.
          RandomAccessFile second = side.random("rw");
          second.write(Bytes.of(1, 8192));
          second.writeInt(5);
          seen.holds("interrupted", Thread.interrupted());
          File same = side.file().toFile();
          seen.is("length", 8196, same.length());
        });
  }
}
