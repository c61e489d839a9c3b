package io.dioagent.agent.contract.javadoc;

import static io.dioagent.agent.contract.javadoc.Lengths.UNALIGNED;
import static io.dioagent.agent.contract.javadoc.Lengths.createReadWrite;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import io.dioagent.agent.contract.Bytes;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.util.Arrays;

/** Several views of one file in one program. */
final class ChannelViews {
  private static final String CONSISTENT =
      "The view of a file provided by an instance of this class is guaranteed to be consistent"
          + " with other views of the same file provided by other instances in the same program.";

  private ChannelViews() {}

  static void addTo(Cases cases) {
    Cases.Of channel = cases.of(FileChannel.class);
    channel.add(CONSISTENT, ChannelViews::twoChannels);
    channel.add(CONSISTENT, ChannelViews::appendedByTwo);
    channel.add(CONSISTENT, ChannelViews::everyReader);
    channel.add(CONSISTENT, ChannelViews::everyWriter);
    originatingObject(channel);
  }

  private static void originatingObject(Cases.Of channel) {
    channel.add(
        "Changing the channel's position, whether explicitly or by reading or writing bytes, will"
            + " change the file position of the originating object, and vice versa.",
        (side, seen) -> {
          RandomAccessFile file = side.random("rw");
          FileChannel channelOfIt = file.getChannel();
          seen.is("written", UNALIGNED, channelOfIt.write(ByteBuffer.allocate(UNALIGNED)));
          seen.is("pointer", UNALIGNED, file.getFilePointer());
          file.seek(4096);
          seen.is("position", 4096, channelOfIt.position());
          file.write(Bytes.of(1, 5000));
          seen.is("position", 9096, channelOfIt.position());
          channelOfIt.position(10);
          seen.is("read", 0, file.read());
          seen.is("position", 11, channelOfIt.position());
          seen.is("read", 100, channelOfIt.read(ByteBuffer.allocate(100)));
          seen.is("pointer", 111, file.getFilePointer());
        });
    channel.add(
        "Changing the file's length via the file channel will change the length seen via the"
            + " originating object, and vice versa.",
        (side, seen) -> {
          RandomAccessFile file = side.random("rw");
          FileChannel channelOfIt = file.getChannel();
          seen.is("written", UNALIGNED, channelOfIt.write(ByteBuffer.allocate(UNALIGNED)));
          seen.is("length", UNALIGNED, file.length());
          file.setLength(5000);
          seen.is("size", 5000, channelOfIt.size());
          seen.is("position", 5000, channelOfIt.position());
          channelOfIt.truncate(100);
          seen.is("length", 100, file.length());
          seen.is("pointer", 100, file.getFilePointer());
          file.setLength(80_000);
          seen.is("size", 80_000, channelOfIt.size());
          seen.is("position", 100, channelOfIt.position());
        });
    channel.add(
        "Changing the file's content by writing bytes will change the content seen by the"
            + " originating object, and vice versa.",
        (side, seen) -> {
          RandomAccessFile file = side.random("rw");
          FileChannel channelOfIt = file.getChannel();
          byte[] bytes = Bytes.of(1, UNALIGNED);
          seen.is("written", UNALIGNED, channelOfIt.write(ByteBuffer.wrap(bytes)));
          byte[] read = new byte[UNALIGNED];
          file.seek(0);
          file.readFully(read);
          seen.content("content", bytes, read);
          file.seek(4000);
          byte[] written = Bytes.of(2, 200);
          file.write(written);
          seen.is("read", UNALIGNED, channelOfIt.read(ByteBuffer.wrap(read), 0));
          seen.content("content", Lengths.overwritten(bytes, 4000, written), read);
        });
  }

  private static void twoChannels(Side side, Seen seen) throws Exception {
    FileChannel one = side.open(createReadWrite());
    FileChannel two = side.open(READ, WRITE);
    byte[] expected = new byte[0];
    for (int length : Lengths.ALL) {
      byte[] bytes = Bytes.of(length, length);
      seen.is("written", length, one.write(ByteBuffer.wrap(bytes), expected.length));
      expected = Lengths.joined(expected, bytes);
      seen.is("size", expected.length, two.size());
      ByteBuffer read = ByteBuffer.allocate(length);
      seen.is("read", length, two.read(read, expected.length - length));
      seen.content("content", bytes, read.array());
      int middle = expected.length / 2;
      byte[] over = Bytes.of(-length, length / 2);
      seen.is("overwritten", over.length, two.write(ByteBuffer.wrap(over), middle));
      expected = Lengths.overwritten(expected, middle, over);
      ByteBuffer all = ByteBuffer.allocate(expected.length);
      seen.is("read", expected.length, one.read(all, 0));
      seen.content("content", expected, all.array());
    }
    two.truncate(5000);
    seen.is("size", 5000, one.size());
    seen.is("read", -1, one.read(ByteBuffer.allocate(1), 5000));
    one.close();
    seen.is("read", 5000, two.read(ByteBuffer.allocate(UNALIGNED), 0));
  }

  private static void appendedByTwo(Side side, Seen seen) throws Exception {
    byte[] expected = side.fill(5000);
    FileChannel appending = side.open(APPEND);
    FileChannel other = side.open(READ, WRITE);
    FileOutputStream stream = side.output(true);
    for (int i = 1; i < 30; i++) {
      byte[] bytes = Bytes.of(i, i * 331);
      if (i % 3 == 0) {
        seen.is("written", bytes.length, appending.write(ByteBuffer.wrap(bytes)));
        seen.is("position", expected.length + bytes.length, appending.position());
      } else if (i % 3 == 1) {
        seen.is("written", bytes.length, other.write(ByteBuffer.wrap(bytes), expected.length));
      } else {
        stream.write(bytes);
      }
      expected = Lengths.joined(expected, bytes);
      seen.is("size", expected.length, appending.size());
    }
    seen.content("content", expected, side.file());
  }

  /** All ways to read see the writes through a channel. */
  private static void everyReader(Side side, Seen seen) throws Exception {
    FileChannel writing = side.open(createReadWrite());
    FileInputStream stream = side.input();
    RandomAccessFile random = side.random("r");
    FileChannel reading = side.open(READ);
    byte[] expected = new byte[0];
    for (int length : Lengths.ALL) {
      byte[] bytes = Bytes.of(length, length);
      int at = expected.length;
      seen.is("written", length, writing.write(ByteBuffer.wrap(bytes)));
      expected = Lengths.joined(expected, bytes);
      seen.is("available", length, stream.available());
      seen.content("stream", bytes, stream.readNBytes(length));
      byte[] read = new byte[length];
      random.seek(at);
      random.readFully(read);
      seen.content("random", bytes, read);
      seen.is("length", expected.length, random.length());
      ByteBuffer buffer = ByteBuffer.allocate(length);
      seen.is("read", length, reading.read(buffer));
      seen.content("channel", bytes, buffer.array());
      seen.content("files", expected, Files.readAllBytes(side.file()));
      try (InputStream in = Files.newInputStream(side.file())) {
        in.skipNBytes(at);
        seen.content("input stream", bytes, in.readAllBytes());
      }
      seen.is("file", expected.length, side.file().toFile().length());
    }
  }

  /** A channel sees the writes in any way. */
  private static void everyWriter(Side side, Seen seen) throws Exception {
    byte[] expected = side.fill(UNALIGNED);
    FileChannel reading = side.open(READ);
    FileChannel channel = side.open(WRITE);
    RandomAccessFile random = side.random("rw");
    FileOutputStream stream = side.output(true);
    for (int i = 0; i < 24; i++) {
      byte[] bytes = Bytes.of(i, 1 + i * 577);
      int at = i * 4001;
      switch (i % 4) {
        case 0 -> seen.is("written", bytes.length, channel.write(ByteBuffer.wrap(bytes), at));
        case 1 -> {
          random.seek(at);
          random.write(bytes);
        }
        case 2 -> {
          at = expected.length;
          stream.write(bytes);
        }
        default -> {
          at = expected.length;
          Files.write(side.file(), bytes, APPEND);
        }
      }
      expected = Lengths.overwritten(expected, at, bytes);
      ByteBuffer read = ByteBuffer.allocate(expected.length + 1);
      seen.is("read", expected.length, reading.read(read, 0));
      seen.content("content", expected, Arrays.copyOf(read.array(), expected.length));
    }
  }
}
