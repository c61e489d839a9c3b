package io.dioagent.agent.contract.javadoc;

import static io.dioagent.agent.contract.javadoc.Lengths.UNALIGNED;

import io.dioagent.agent.contract.Bytes;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;

/** {@link FileOutputStream}, and the streams that applications wrap around it. */
final class OutputStreams {
  private OutputStreams() {}

  static void addTo(Cases cases) {
    Cases.Of stream = cases.of(FileOutputStream.class);
    opening(stream);
    writing(stream);
    anyStream(cases.of(OutputStream.class));
    channel(stream);
    descriptor(stream);
    closing(stream);
    onTop(cases.of(OutputStream.class));
  }

  private static void opening(Cases.Of stream) {
    stream.add(
        "Creates a file output stream to write to the file",
        (side, seen) -> {
          side.fill(UNALIGNED);
          FileOutputStream opened = side.output(false);
          seen.is("size", 0, Files.size(side.file()));
          opened.write(Bytes.of(1, 5000));
          FileOutputStream byName = side.keep(new FileOutputStream(side.file().toString()));
          seen.is("size", 0, Files.size(side.file()));
          byName.write(Bytes.of(2, 100));
          opened.write(Bytes.of(3, 100)); // Where it was.
          seen.is("size", 5100, Files.size(side.file()));
        });
    stream.add(
        "bytes will be written to the end of the file rather than the beginning.",
        (side, seen) -> {
          byte[] expected = side.fill(5000);
          FileOutputStream opened = side.output(true);
          FileOutputStream other = side.output(true);
          for (int length : Lengths.ALL) {
            byte[] bytes = Bytes.of(length, length);
            opened.write(bytes);
            other.write(length);
            expected = Lengths.joined(expected, bytes);
            expected = Lengths.joined(expected, new byte[] {(byte) length});
            seen.is("size", expected.length, Files.size(side.file()));
          }
          seen.content("content", expected, side.file());
        });
    stream.add(
        "If the file exists but is a directory rather than a regular file, does not exist but"
            + " cannot be created, or cannot be opened for any other reason then a"
            + " FileNotFoundException is thrown.",
        (side, seen) -> {
          Files.createDirectory(side.file());
          seen.fails(FileNotFoundException.class, "directory", () -> side.output(false));
          seen.fails(
              FileNotFoundException.class,
              "no directory",
              () -> new FileOutputStream(side.path("none").resolve("file").toFile()));
          seen.fails(
              NullPointerException.class,
              "null",
              () -> new FileOutputStream((FileDescriptor) null));
        });
  }

  private static void writing(Cases.Of stream) {
    stream.add(
        "Writes the specified byte to this file output stream.",
        (side, seen) -> {
          FileOutputStream opened = side.output(false);
          byte[] bytes = Bytes.of(1, 9000);
          for (byte b : bytes) {
            opened.write(b);
          }
          opened.write(256);
          opened.write(-1);
          byte[] expected = Lengths.joined(bytes, new byte[] {0, -1});
          seen.content("content", expected, side.file());
        });
    stream.add(
        "Writes b.length bytes from the specified byte array to this file output stream.",
        (side, seen) -> {
          FileOutputStream opened = side.output(false);
          byte[] expected = new byte[0];
          for (int length : Lengths.ALL) {
            byte[] bytes = Bytes.of(length, length);
            opened.write(bytes);
            expected = Lengths.joined(expected, bytes);
          }
          opened.write(new byte[0]);
          seen.content("content", expected, side.file());
        });
    stream.add(
        "Writes len bytes from the specified byte array starting at offset off to this file output"
            + " stream.",
        (side, seen) -> {
          FileOutputStream opened = side.output(false);
          byte[] bytes = Bytes.of(1, UNALIGNED);
          byte[] expected = new byte[0];
          for (int[] range : new int[][] {{0, 4096}, {5, 100}, {1, 65_536}, {UNALIGNED, 0}}) {
            opened.write(bytes, range[0], range[1]);
            byte[] part = Arrays.copyOfRange(bytes, range[0], range[0] + range[1]);
            expected = Lengths.joined(expected, part);
          }
          seen.content("content", expected, side.file());
        });
  }

  private static void anyStream(Cases.Of any) {
    any.add(
        "If b is null, a NullPointerException is thrown.",
        (side, seen) -> {
          FileOutputStream opened = side.output(false);
          seen.fails(NullPointerException.class, "array", () -> opened.write((byte[]) null));
          seen.fails(NullPointerException.class, "part", () -> opened.write(null, 0, 1));
          seen.is("size", 0, Files.size(side.file()));
        });
    any.add(
        "If off is negative, or len is negative, or off+len is greater than the length of the array"
            + " b, then an IndexOutOfBoundsException is thrown.",
        (side, seen) -> {
          FileOutputStream opened = side.output(false);
          byte[] bytes = new byte[100];
          for (int[] range :
              new int[][] {{-1, 1}, {0, -1}, {100, 1}, {1, 100}, {Integer.MAX_VALUE, 5}}) {
            seen.fails(
                IndexOutOfBoundsException.class,
                "write",
                () -> opened.write(bytes, range[0], range[1]));
          }
          seen.is("size", 0, Files.size(side.file()));
        });
    any.add(
        "The general contract for write(b) is that it should have exactly the same effect as the"
            + " call write(b, 0, b.length).",
        (side, seen) -> {
          int[] calls = new int[3];
          FileOutputStream opened =
              side.keep(
                  new FileOutputStream(side.file().toFile()) {
                    @Override
                    public void write(int b) throws IOException {
                      calls[0]++;
                      super.write(b + 1);
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
          opened.write(5);
          opened.write(Bytes.of(1, 4096));
          opened.write(Bytes.of(1, 4096), 0, 4096);
          seen.value("calls", Arrays.toString(calls));
          byte[] twice = Lengths.joined(Bytes.of(1, 4096), Bytes.of(1, 4096));
          seen.content("content", Lengths.joined(new byte[] {6}, twice), side.file());
        });
  }

  private static void channel(Cases.Of stream) {
    stream.add(
        "of the returned channel will be equal to the number of bytes written to the file so far"
            + " unless this stream is in append mode, in which case it will be equal to the size of"
            + " the file.",
        (side, seen) -> {
          side.fill(5000);
          FileOutputStream appending = side.output(true);
          seen.is("position", 5000, appending.getChannel().position());
          FileOutputStream opened = side.output(false);
          opened.write(Bytes.of(1, UNALIGNED));
          seen.is("position", UNALIGNED, opened.getChannel().position());
          seen.is("position", UNALIGNED, appending.getChannel().position());
        });
    stream.add(
        "Writing bytes to this stream will increment the channel's position accordingly.",
        (side, seen) -> {
          FileOutputStream opened = side.output(false);
          FileChannel channel = opened.getChannel();
          seen.holds("the same", channel == opened.getChannel());
          int position = 0;
          for (int length : Lengths.ALL) {
            opened.write(Bytes.of(length, length));
            opened.write(1);
            position += length + 1;
            seen.is("position", position, channel.position());
          }
        });
    stream.add(
        "Changing the channel's position, either explicitly or by writing, will change this"
            + " stream's file position.",
        (side, seen) -> {
          FileOutputStream opened = side.output(false);
          FileChannel channel = opened.getChannel();
          byte[] bytes = Bytes.of(1, UNALIGNED);
          seen.is("written", UNALIGNED, channel.write(ByteBuffer.wrap(bytes)));
          opened.write(Bytes.of(2, 100));
          byte[] expected = Lengths.joined(bytes, Bytes.of(2, 100));
          channel.position(4000);
          opened.write(Bytes.of(3, 200));
          expected = Lengths.overwritten(expected, 4000, Bytes.of(3, 200));
          seen.is("position", 4200, channel.position());
          channel.truncate(100);
          seen.is("position", 100, channel.position());
          opened.write(Bytes.of(4, 4096));
          expected = Lengths.joined(Arrays.copyOf(expected, 100), Bytes.of(4, 4096));
          seen.content("content", expected, side.file());
        });
  }

  private static void descriptor(Cases.Of stream) {
    stream.add(
        "Creates a file output stream to write to the specified file descriptor, which represents"
            + " an existing connection to an actual file in the file system.",
        (side, seen) -> {
          FileOutputStream opened = side.output(false);
          opened.write(Bytes.of(1, 5000));
          FileOutputStream sharing = new FileOutputStream(opened.getFD());
          sharing.write(Bytes.of(2, UNALIGNED));
          opened.write(Bytes.of(3, 100));
          byte[] expected = Lengths.joined(Bytes.of(1, 5000), Bytes.of(2, UNALIGNED));
          expected = Lengths.joined(expected, Bytes.of(3, 100));
          seen.content("content", expected, side.file());
          opened.getFD().sync();
          sharing.close();
          seen.fails(IOException.class, "write", () -> opened.write(1));
          seen.content("content", expected, side.file());
        });
    stream.add(
        "This constructor does not throw an exception if fdObj is invalid.",
        (side, seen) -> {
          FileOutputStream opened = side.output(false);
          FileDescriptor descriptor = opened.getFD();
          opened.close();
          FileOutputStream invalid = new FileOutputStream(descriptor);
          seen.fails(IOException.class, "write", () -> invalid.write(1));
          seen.fails(IOException.class, "array", () -> invalid.write(new byte[4096]));
          FileOutputStream never = new FileOutputStream(new FileDescriptor());
          seen.fails(IOException.class, "write", () -> never.write(new byte[10]));
        });
    stream.add(
        "object that represents the connection to the file in the file system being used by this"
            + " FileOutputStream object.",
        (side, seen) -> {
          byte[] before = side.fill(5000);
          FileInputStream in = side.input();
          seen.is("read", before[0] & 0xff, in.read());
          FileOutputStream out = new FileOutputStream(in.getFD()); // Open for reading only.
          seen.fails(IOException.class, "write", () -> out.write(new byte[4096]));
          seen.content("content", before, side.file());
        });
  }

  private static void closing(Cases.Of stream) {
    stream.add(
        "This file output stream may no longer be used for writing bytes.",
        (side, seen) -> {
          FileOutputStream opened = side.output(false);
          opened.write(Bytes.of(1, UNALIGNED));
          opened.close();
          opened.close();
          seen.fails(IOException.class, "write", () -> opened.write(1));
          seen.fails(IOException.class, "array", () -> opened.write(new byte[4096]));
          seen.fails(IOException.class, "part", () -> opened.write(new byte[10], 1, 2));
          seen.outcome("nothing", () -> opened.write(new byte[0]));
          seen.outcome("flush", () -> opened.flush());
          seen.fails(IOException.class, "sync", () -> opened.getFD().sync());
          seen.content("content", Bytes.of(1, UNALIGNED), side.file());
        });
    stream.add(
        "If this stream has an associated channel then the channel is closed as well.",
        (side, seen) -> {
          FileOutputStream opened = side.output(false);
          FileChannel channel = opened.getChannel();
          opened.write(Bytes.of(1, UNALIGNED));
          opened.close();
          seen.is("open", false, channel.isOpen());
          FileOutputStream second = side.output(true);
          second.getChannel().close();
          seen.fails(IOException.class, "write", () -> second.write(1));
          FileOutputStream third = side.output(true);
          Thread.currentThread().interrupt(); // Not interruptible, unlike its channel.
          third.write(Bytes.of(2, 8192));
          seen.holds("interrupted", Thread.interrupted());
          seen.is("size", UNALIGNED + 8192, Files.size(side.file()));
        });
  }

  private static void onTop(Cases.Of any) {
    any.add(
        "such bytes should immediately be written to their intended destination.",
        (side, seen) -> {
          byte[] bytes = Bytes.of(1, 50_000);
          try (BufferedOutputStream out = new BufferedOutputStream(side.output(false), 8192)) {
            out.write(bytes, 0, 3000);
            seen.value("size", Files.size(side.file()));
            out.write(bytes, 3000, 6000);
            seen.value("size", Files.size(side.file()));
            for (int i = 9000; i < 30_000; i++) {
              out.write(bytes[i]);
            }
            out.flush();
            seen.is("size", 30_000, Files.size(side.file()));
            out.write(bytes, 30_000, 20_000);
          }
          seen.content("content", bytes, side.file());
        });
    any.add(
        "Flushes this output stream and forces any buffered output bytes to be written out.",
        (side, seen) -> {
          StringBuilder expected = new StringBuilder();
          PrintStream print = new PrintStream(side.output(false), true, StandardCharsets.UTF_8);
          for (int i = 0; i < 300; i++) {
            print.println("line " + i + " äöü");
            expected.append("line ").append(i).append(" äöü\n");
            if (i % 50 == 0) {
              seen.is("text", expected.toString(), Files.readString(side.file()));
            }
          }
          print.close();
          print.println("no more");
          seen.holds("error", print.checkError());
          seen.is("text", expected.toString(), Files.readString(side.file()));
        });
    any.add(
        "Writes len bytes from the specified byte array starting at offset off to this output"
            + " stream.",
        (side, seen) -> {
          DataOutputStream data = new DataOutputStream(side.output(true));
          Writer writer = new OutputStreamWriter(side.output(true), StandardCharsets.UTF_8);
          for (int i = 0; i < 200; i++) {
            data.writeInt(i);
            data.writeUTF("text " + i);
            writer.write("writer " + i);
            writer.flush();
          }
          seen.is("size", data.size() + 200 * 7 + 490, Files.size(side.file()));
          writer.close();
          seen.fails(IOException.class, "write", () -> writer.write("x"));
        });
  }
}
