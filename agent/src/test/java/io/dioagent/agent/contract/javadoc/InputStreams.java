package io.dioagent.agent.contract.javadoc;

import static io.dioagent.agent.contract.javadoc.Lengths.UNALIGNED;
import static io.dioagent.agent.contract.javadoc.Lengths.createReadWrite;
import static java.nio.file.StandardOpenOption.WRITE;

import io.dioagent.agent.contract.Bytes;
import java.io.ByteArrayOutputStream;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Arrays;

/** {@link FileInputStream}, on files that are being written. */
final class InputStreams {
  private InputStreams() {}

  static void addTo(Cases cases) {
    Cases.Of stream = cases.of(FileInputStream.class);
    reading(stream);
    positions(stream);
  }

  private static void reading(Cases.Of stream) {
    stream.add(
        "Reads a byte of data from this input stream.",
        (side, seen) -> {
          FileChannel writing = side.open(createReadWrite());
          FileInputStream in = side.input();
          seen.is("read", -1, in.read());
          byte[] bytes = Bytes.of(1, 5000);
          seen.is("written", 5000, writing.write(ByteBuffer.wrap(bytes)));
          byte[] read = new byte[5000];
          for (int i = 0; i < 5000; i++) {
            read[i] = (byte) in.read();
          }
          seen.content("content", bytes, read);
          seen.is("read", -1, in.read());
        });
    stream.add(
        "the total number of bytes read into the buffer, or -1 if there is no more data because the"
            + " end of the file has been reached.",
        (side, seen) -> {
          FileChannel writing = side.open(createReadWrite());
          FileInputStream in = side.input();
          for (int length : Lengths.ALL) {
            byte[] bytes = Bytes.of(length, length);
            seen.is("written", length, writing.write(ByteBuffer.wrap(bytes)));
            byte[] read = new byte[length + 10];
            seen.is("read", length, in.read(read));
            seen.content("content", bytes, Arrays.copyOf(read, length));
            seen.is("read", -1, in.read(read));
            seen.is("read nothing", 0, in.read(read, 0, 0));
          }
        });
    stream.add(
        "Returns an estimate of the number of remaining bytes that can be read",
        (side, seen) -> {
          FileChannel writing = side.open(createReadWrite());
          FileInputStream in = side.input();
          seen.is("available", 0, in.available());
          seen.is("written", UNALIGNED, writing.write(ByteBuffer.allocate(UNALIGNED)));
          seen.is("available", UNALIGNED, in.available());
          seen.is("skipped", 4000, in.skip(4000));
          seen.is("available", UNALIGNED - 4000, in.available());
          writing.truncate(5000);
          seen.is("available", 1000, in.available());
          writing.truncate(100);
          seen.is("available", 0, in.available());
        });
  }

  private static void positions(Cases.Of stream) {
    stream.add(
        "Attempting to read from the stream after skipping past the end will result in -1"
            + " indicating the end of the file.",
        (side, seen) -> {
          FileOutputStream out = side.output(false);
          FileInputStream in = side.input();
          out.write(Bytes.of(1, 5000));
          seen.is("skipped", 6000, in.skip(6000));
          seen.is("read", -1, in.read());
          out.write(Bytes.of(2, 5000));
          seen.is("read", Bytes.of(2, 5000)[1000] & 0xff, in.read());
          seen.is("skipped back", -2001, in.skip(-2001));
          seen.is("read", Bytes.of(1, 5000)[4000] & 0xff, in.read());
        });
    stream.add(
        "A FileInputStream obtains input bytes from a file in a file system.",
        (side, seen) -> {
          FileChannel writing = side.open(createReadWrite());
          byte[] bytes = Bytes.of(1, UNALIGNED);
          seen.is("written", UNALIGNED, writing.write(ByteBuffer.wrap(bytes)));
          ByteArrayOutputStream out = new ByteArrayOutputStream();
          seen.is("transferred", UNALIGNED, side.input().transferTo(out));
          seen.content("transferred", bytes, out.toByteArray());
          FileOutputStream copy = side.keep(new FileOutputStream(side.path("copy").toFile()));
          seen.is("transferred", UNALIGNED, side.input().transferTo(copy));
          seen.content("copied", bytes, side.path("copy"));
          seen.content("all", bytes, side.input().readAllBytes());
          seen.content("some", Arrays.copyOf(bytes, 5000), side.input().readNBytes(5000));
        });
    stream.add(
        "Reading bytes from this stream will increment the channel's position.",
        (side, seen) -> {
          side.fill(UNALIGNED);
          FileInputStream in = side.input();
          FileChannel channel = in.getChannel();
          seen.is("read", 5000, in.read(new byte[5000]));
          seen.is("position", 5000, channel.position());
          channel.position(70_000);
          seen.is("read", 1, in.read(new byte[10]));
          FileChannel writing = side.open(WRITE);
          seen.is("written", 7, writing.write(ByteBuffer.allocate(7), UNALIGNED));
          seen.is("read", 7, channel.read(ByteBuffer.allocate(100)));
          seen.is("available", 0, in.available());
        });
    stream.add(
        "if this file input stream has been closed by calling close or an I/O error occurs.",
        (side, seen) -> {
          side.fill(5000);
          FileInputStream in = side.input();
          in.close();
          seen.fails(IOException.class, "available", () -> in.available());
          seen.fails(IOException.class, "read", () -> in.read());
          seen.fails(IOException.class, "skip", () -> in.skip(1));
        });
  }
}
