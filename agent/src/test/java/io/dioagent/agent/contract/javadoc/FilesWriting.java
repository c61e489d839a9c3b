package io.dioagent.agent.contract.javadoc;

import static io.dioagent.agent.contract.javadoc.Lengths.UNALIGNED;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.DELETE_ON_CLOSE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.SYNC;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import io.dioagent.agent.contract.Bytes;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnmappableCharacterException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** Writing by {@link Files}. */
final class FilesWriting {
  private FilesWriting() {}

  static void addTo(Cases cases) {
    Cases.Of files = cases.of(Files.class);
    write(files);
    options(files);
    text(files);
    writer(files);
    stream(files);
    streamOptions(files);
    channel(files);
    attributes(files);
  }

  private static void write(Cases.Of files) {
    files.add(
        "All bytes in the byte array are written to the file.",
        (side, seen) -> {
          for (int length : Lengths.ALL) {
            byte[] bytes = Bytes.of(length, length);
            seen.is("path", side.file(), Files.write(side.file(), bytes));
            seen.content("content", bytes, Files.readAllBytes(side.file()));
          }
          Files.write(side.file(), new byte[0]);
          seen.is("size", 0, Files.size(side.file()));
        });
    files.add(
        "In other words, it opens the file for writing, creating the file if it doesn't exist, or"
            + " initially truncating an existing regular-file to a size of 0.",
        (side, seen) -> {
          side.fill(UNALIGNED);
          Files.write(side.file(), Bytes.of(1, 100));
          seen.content("content", Bytes.of(1, 100), side.file());
          Files.write(side.file(), Bytes.of(2, 8192), WRITE); // Without truncation.
          Files.write(side.file(), Bytes.of(3, 10), WRITE);
          byte[] expected = Lengths.overwritten(Bytes.of(2, 8192), 0, Bytes.of(3, 10));
          seen.content("content", expected, side.file());
        });
  }

  private static void options(Cases.Of files) {
    files.add(
        "The options parameter specifies how the file is created or opened.",
        (side, seen) -> {
          byte[] expected = side.fill(5000);
          for (int length : Lengths.ALL) {
            byte[] bytes = Bytes.of(length, length);
            Files.write(side.file(), bytes, APPEND, SYNC);
            expected = Lengths.joined(expected, bytes);
          }
          seen.content("content", expected, side.file());
          seen.fails(
              FileAlreadyExistsException.class,
              "new",
              () -> Files.write(side.file(), new byte[10], CREATE_NEW));
          seen.fails(
              NoSuchFileException.class,
              "none",
              () -> Files.write(side.path("none"), new byte[10], WRITE));
          seen.fails(
              IllegalArgumentException.class,
              "both",
              () -> Files.write(side.file(), new byte[10], APPEND, TRUNCATE_EXISTING));
          seen.fails(
              NullPointerException.class, "null", () -> Files.write(side.file(), (byte[]) null));
        });
    files.add(
        "Reads all the bytes from a file.",
        (side, seen) -> {
          FileChannel channel = side.open(CREATE, WRITE);
          byte[] expected = new byte[0];
          for (int i = 1; i < 20; i++) {
            byte[] bytes = Bytes.of(i, i * 421);
            seen.is("written", bytes.length, channel.write(ByteBuffer.wrap(bytes)));
            expected = Lengths.joined(expected, bytes);
            seen.content("content", expected, Files.readAllBytes(side.file()));
          }
        });
  }

  private static void text(Cases.Of files) {
    files.add(
        "All characters are written as they are, including the line separators in the char"
            + " sequence.",
        (side, seen) -> {
          String text = "first\r\nsecond\u2028 äöü\n".repeat(500);
          seen.is("path", side.file(), Files.writeString(side.file(), text));
          seen.is("text", text, Files.readString(side.file()));
          Files.writeString(side.file(), text, StandardCharsets.UTF_16BE, APPEND);
          seen.value("size", Files.size(side.file()));
          seen.fails(
              UnmappableCharacterException.class,
              "ASCII",
              () -> Files.writeString(side.path("other"), text, StandardCharsets.US_ASCII));
          seen.value("there", Files.exists(side.path("other")));
        });
    files.add(
        "Each line is a char sequence and is written to the file in sequence with each line"
            + " terminated by the platform's line separator, as defined by the system property"
            + " line.separator.",
        (side, seen) -> {
          List<String> lines = List.of("one", "", "zwei äöü", "x".repeat(UNALIGNED));
          seen.is("path", side.file(), Files.write(side.file(), lines));
          seen.is("lines", lines, Files.readAllLines(side.file()));
          Files.write(side.file(), lines, StandardCharsets.ISO_8859_1, APPEND);
          seen.value("size", Files.size(side.file()));
          seen.is("mismatch", -1, Files.mismatch(side.file(), side.file()));
        });
  }

  private static void writer(Cases.Of files) {
    files.add(
        "Opens or creates a file for writing, returning a BufferedWriter that may be used to write"
            + " text to the file in an efficient manner.",
        (side, seen) -> {
          StringBuilder expected = new StringBuilder();
          try (BufferedWriter writer = Files.newBufferedWriter(side.file())) {
            for (int i = 0; i < 5000; i++) {
              writer.write("line " + i);
              writer.newLine();
              expected.append("line ").append(i).append('\n');
              if (i % 1000 == 0) {
                writer.flush();
                seen.is("text", expected.toString(), Files.readString(side.file()));
              }
            }
          }
          seen.is("text", expected.toString(), Files.readString(side.file()));
          try (BufferedWriter writer = Files.newBufferedWriter(side.file(), APPEND)) {
            writer.write("more");
          }
          seen.is("text", expected + "more", Files.readString(side.file()));
        });
    files.add(
        "The Writer methods to write text throw IOException if the text cannot be encoded using the"
            + " specified charset.",
        (side, seen) -> {
          BufferedWriter writer =
              side.keep(Files.newBufferedWriter(side.file(), StandardCharsets.US_ASCII));
          writer.write("text");
          seen.fails(
              IOException.class,
              "write",
              () -> {
                writer.write("€".repeat(20_000));
                writer.flush();
              });
          seen.outcome("close", () -> writer.close());
        });
  }

  private static void stream(Cases.Of files) {
    files.add(
        "Opens or creates a file, returning an output stream that may be used to write bytes to the"
            + " file.",
        (side, seen) -> {
          byte[] expected = new byte[0];
          try (OutputStream out = Files.newOutputStream(side.file())) {
            for (int i = 0; i < 40; i++) {
              byte[] bytes = Bytes.of(i, 1 + i * 97);
              out.write(bytes);
              out.write(i);
              out.write(bytes, 1, bytes.length - 1);
              expected = Lengths.joined(expected, bytes);
              expected = Lengths.joined(expected, new byte[] {(byte) i});
              expected = Lengths.joined(expected, Arrays.copyOfRange(bytes, 1, bytes.length));
              seen.is("size", expected.length, Files.size(side.file()));
            }
            out.flush();
            seen.fails(
                IndexOutOfBoundsException.class, "range", () -> out.write(new byte[3], 2, 2));
            seen.fails(NullPointerException.class, "null", () -> out.write((byte[]) null));
          }
          seen.content("content", expected, side.file());
        });
    files.add(
        "The resulting stream will not be buffered.",
        (side, seen) -> {
          OutputStream out = side.keep(Files.newOutputStream(side.file(), CREATE, APPEND));
          for (int i = 1; i < 500; i++) {
            out.write(i);
            seen.is("size", i, Files.size(side.file()));
          }
          out.close();
          out.close();
          seen.fails(IOException.class, "closed", () -> out.write(1));
        });
  }

  private static void streamOptions(Cases.Of files) {
    files.add(
        "with the exception that the READ option may not be present in the array of options.",
        (side, seen) -> {
          seen.fails(
              IllegalArgumentException.class,
              "read",
              () -> Files.newOutputStream(side.file(), CREATE, READ));
          seen.is("there", false, Files.exists(side.file()));
          try (OutputStream out = Files.newOutputStream(side.file(), CREATE_NEW, DELETE_ON_CLOSE)) {
            out.write(Bytes.of(1, UNALIGNED));
            seen.outcome("size", () -> Files.size(side.file())); // It may be gone by now.
          }
          seen.is("there", false, Files.exists(side.file()));
        });
    files.add(
        "or initially truncating an existing regular-file to a size of 0 if it exists.",
        (side, seen) -> {
          side.fill(UNALIGNED);
          FileChannel other = side.open(READ);
          try (OutputStream out = Files.newOutputStream(side.file())) {
            seen.is("size", 0, other.size());
            out.write(Bytes.of(1, 5000));
            seen.is("size", 5000, other.size());
          }
        });
  }

  private static void channel(Cases.Of files) {
    files.add(
        "Opens or creates a file, returning a seekable byte channel to access the file.",
        (side, seen) -> {
          SeekableByteChannel channel =
              side.keep(Files.newByteChannel(side.file(), CREATE_NEW, READ, WRITE));
          byte[] bytes = Bytes.of(1, UNALIGNED);
          seen.is("written", UNALIGNED, channel.write(ByteBuffer.wrap(bytes)));
          seen.is("position", UNALIGNED, channel.position());
          seen.is("written", 100, channel.position(4000).write(ByteBuffer.allocate(100)));
          seen.is("size", 5000, channel.truncate(5000).size());
          ByteBuffer read = ByteBuffer.allocate(5001);
          seen.is("read", 5000, channel.position(0).read(read));
          byte[] expected = Lengths.overwritten(Arrays.copyOf(bytes, 5000), 4000, new byte[100]);
          seen.content("content", expected, Arrays.copyOf(read.array(), 5000));
        });
    files.add(
        "In the case of the default provider, the returned seekable byte channel is a"
            + " java.nio.channels.FileChannel.",
        (side, seen) -> {
          SeekableByteChannel channel =
              side.keep(Files.newByteChannel(side.file(), Set.of(CREATE, APPEND)));
          seen.holds("file channel", channel instanceof FileChannel);
          seen.is("written", UNALIGNED, channel.write(ByteBuffer.allocate(UNALIGNED)));
          seen.is("position", UNALIGNED, channel.position());
          seen.fails(
              IllegalArgumentException.class,
              "append and read",
              () -> Files.newByteChannel(side.file(), APPEND, READ));
        });
  }

  private static void attributes(Cases.Of files) {
    files.add(
        "Returns the size of a file (in bytes).",
        (side, seen) -> {
          OutputStream out = side.keep(Files.newOutputStream(side.file()));
          int size = 0;
          for (int length : Lengths.ALL) {
            out.write(Bytes.of(length, length));
            size += length;
            seen.is("size", size, Files.size(side.file()));
            BasicFileAttributes attributes =
                Files.readAttributes(side.file(), BasicFileAttributes.class);
            seen.is("attribute", size, attributes.size());
            seen.holds("regular", attributes.isRegularFile());
            seen.is("by name", (long) size, Files.getAttribute(side.file(), "size"));
            seen.is("file", size, side.file().toFile().length());
          }
        });
    files.add(
        "Returns a file's last modified time.",
        (side, seen) -> {
          byte[] bytes = side.fill(UNALIGNED);
          FileChannel channel = side.open(READ, WRITE);
          for (int length : new int[] {100, 4096, 8192, UNALIGNED}) {
            Files.setLastModifiedTime(side.file(), FileTime.fromMillis(1_000_000_000_000L));
            seen.is("written", length, channel.write(ByteBuffer.wrap(bytes, 0, length), 0));
            channel.force(true);
            FileTime time = Files.getLastModifiedTime(side.file());
            seen.holds("changed by " + length, time.toMillis() > 1_000_000_000_000L);
          }
        });
  }
}
