package io.dioagent.agent.contract.javadoc;

import static io.dioagent.agent.contract.javadoc.Lengths.ALIGNED;
import static io.dioagent.agent.contract.javadoc.Lengths.UNALIGNED;
import static io.dioagent.agent.contract.javadoc.Lengths.createReadWrite;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import io.dioagent.agent.contract.Bytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.WritableByteChannel;

/** Writes of one buffer, at the channel's position and at others. */
final class ChannelWriting {
  private ChannelWriting() {}

  static void addTo(Cases cases) {
    Cases.Of channel = cases.of(FileChannel.class);
    channel.add(
        "Bytes are written starting at this channel's current file position unless the channel is"
            + " in append mode, in which case the position is first advanced to the end of the"
            + " file.",
        (side, seen) -> {
          byte[] expected = side.fill(UNALIGNED);
          FileChannel opened = side.open(READ, WRITE);
          for (int position : new int[] {0, 1, 4096, 5000, 65_536}) {
            for (int length : Lengths.ALL) {
              byte[] written = Bytes.of(position + length, length);
              opened.position(position);
              seen.is("written", length, opened.write(ByteBuffer.wrap(written)));
              seen.is("position", position + length, opened.position());
              expected = Lengths.overwritten(expected, position, written);
            }
          }
          seen.content("content", expected, side.file());
        });
    channel.add(
        "The file is grown, if necessary, to accommodate the written bytes, and then the file"
            + " position is updated with the number of bytes actually written.",
        (side, seen) -> {
          FileChannel opened = side.open(createReadWrite());
          byte[] expected = new byte[0];
          for (int length : Lengths.ALL) {
            byte[] written = Bytes.of(length, length);
            seen.is("written", length, opened.write(ByteBuffer.wrap(written)));
            expected = Lengths.joined(expected, written);
            seen.is("size", expected.length, opened.size());
            seen.is("position", expected.length, opened.position());
          }
          seen.content("content", expected, side.file());
        });
    channel.add(
        "The size of the file increases when bytes are written beyond its current size",
        (side, seen) -> {
          byte[] expected = side.fill(4095);
          FileChannel opened = side.open(WRITE);
          for (int i = 0; i < 20; i++) {
            byte[] written = Bytes.of(i, 1 + i * 300);
            seen.is(
                "written",
                written.length,
                opened.write(ByteBuffer.wrap(written), expected.length - 1));
            expected = Lengths.overwritten(expected, expected.length - 1, written);
            seen.is("size", expected.length, opened.size());
          }
          seen.content("content", expected, side.file());
        });
    byteByByte(channel);
    positional(channel);
    position(cases.of(SeekableByteChannel.class), channel);
    one(cases.of(WritableByteChannel.class));
    arguments(channel);
  }

  private static void byteByByte(Cases.Of channel) {
    channel.add(
        "Writes a sequence of bytes to this channel from the given buffer.",
        (side, seen) -> {
          FileChannel opened = side.open(createReadWrite());
          byte[] bytes = Bytes.of(1, 1500);
          ByteBuffer buffer = ByteBuffer.wrap(bytes);
          for (int i = 0; i < bytes.length; i++) {
            seen.is("written", 1, opened.write(buffer.limit(i + 1)));
          }
          seen.is("position", bytes.length, opened.position());
          seen.content("content", bytes, side.file());
        });
  }

  private static void positional(Cases.Of channel) {
    channel.add(
        "Writes a sequence of bytes to this channel from the given buffer, starting at the given"
            + " file position.",
        (side, seen) -> {
          byte[] expected = side.fill(UNALIGNED);
          FileChannel opened = side.open(WRITE);
          opened.position(9);
          for (int position : new int[] {0, 511, 4096, 8191, UNALIGNED}) {
            for (int length : Lengths.ALL) {
              byte[] written = Bytes.of(position + length, length);
              ByteBuffer buffer = ByteBuffer.wrap(written);
              seen.is("written", length, opened.write(buffer, position));
              seen.buffer("buffer", buffer);
              expected = Lengths.overwritten(expected, position, written);
            }
          }
          seen.is("position", 9, opened.position());
          seen.content("content", expected, side.file());
        });
    channel.add(
        "This method does not modify this channel's position.",
        (side, seen) -> {
          FileChannel opened = side.open(createReadWrite());
          seen.is("written", ALIGNED, opened.write(ByteBuffer.wrap(Bytes.of(1, ALIGNED)), 8192));
          seen.is("position", 0, opened.position());
          seen.is("written", 10, opened.write(ByteBuffer.wrap(Bytes.of(2, 10))));
          seen.is("written", 10, opened.write(ByteBuffer.wrap(Bytes.of(3, 10)), 100));
          seen.is("position", 10, opened.position());
        });
    // The bytes of the gap are unspecified. They are compared all the same: neither side may show
    // what was on the disk before.
    channel.add(
        "the values of any bytes between the previous end-of-file and the newly-written bytes are"
            + " unspecified.",
        (side, seen) -> {
          FileChannel opened = side.open(createReadWrite());
          int end = 0;
          for (int gap : new int[] {1, 4096, 5000, 1 << 20}) {
            for (int length : new int[] {10, 4096, UNALIGNED}) {
              byte[] written = Bytes.of(gap + length, length);
              seen.is("written", length, opened.write(ByteBuffer.wrap(written), end + gap));
              end += gap + length;
              seen.is("size", end, opened.size());
              ByteBuffer read = ByteBuffer.allocate(length);
              seen.is("read", length, opened.read(read, end - length));
              seen.content("content", written, read.array());
            }
          }
        });
  }

  private static void position(Cases.Of seekable, Cases.Of channel) {
    channel.add(
        "Setting the position to a value that is greater than the file's current size is legal but"
            + " does not change the size of the file.",
        (side, seen) -> {
          side.fill(5000);
          FileChannel opened = side.open(READ, WRITE);
          seen.holds("answers itself", opened.position(1L << 40) == opened);
          seen.is("position", 1L << 40, opened.position());
          seen.is("size", 5000, opened.size());
        });
    channel.add(
        "A later attempt to read bytes at such a position will immediately return an end-of-file"
            + " indication.",
        (side, seen) -> {
          side.fill(5000);
          FileChannel opened = side.open(READ, WRITE).position(5001);
          ByteBuffer buffer = ByteBuffer.allocate(10);
          seen.is("read", -1, opened.read(buffer));
          seen.buffer("buffer", buffer);
          seen.is("position", 5001, opened.position());
        });
    channel.add(
        "A later attempt to write bytes at such a position will cause the file to be grown to"
            + " accommodate the new bytes",
        (side, seen) -> {
          byte[] before = side.fill(5000);
          FileChannel opened = side.open(READ, WRITE).position(70_000);
          byte[] written = Bytes.of(1, UNALIGNED);
          seen.is("written", UNALIGNED, opened.write(ByteBuffer.wrap(written)));
          seen.is("size", 70_000 + UNALIGNED, opened.size());
          seen.is("position", 70_000 + UNALIGNED, opened.position());
          seen.content("content", Lengths.overwritten(before, 70_000, written), side.file());
        });
    seekable.add(
        "When opened for append, the position is first advanced to the end before writing.",
        (side, seen) -> {
          byte[] before = side.fill(5000);
          FileChannel opened = side.open(APPEND);
          opened.position(3);
          byte[] written = Bytes.of(1, 4096);
          seen.is("written", 4096, opened.write(ByteBuffer.wrap(written)));
          seen.is("position", 9096, opened.position());
          seen.content("content", Lengths.joined(before, written), side.file());
        });
    channel.add(
        "If the new position is negative",
        (side, seen) -> {
          FileChannel opened = side.open(createReadWrite());
          seen.fails(IllegalArgumentException.class, "position", () -> opened.position(-1));
          seen.channel("channel", opened);
        });
  }

  private static void one(Cases.Of writable) {
    writable.add(
        "Upon return the buffer's position will be equal to p + n; its limit will not have"
            + " changed.",
        (side, seen) -> {
          FileChannel opened = side.open(createReadWrite());
          for (int length : Lengths.ALL) {
            ByteBuffer buffer = ByteBuffer.allocate(length + 20).position(7).limit(7 + length);
            seen.is("written", length, opened.write(buffer));
            seen.is("position", 7 + length, buffer.position());
            seen.is("limit", 7 + length, buffer.limit());
            buffer.position(7);
            seen.is("written", length, opened.write(buffer, 3));
            seen.is("position", 7 + length, buffer.position());
          }
        });
    writable.add(
        "Unless otherwise specified, a write operation will return only after writing all of the r"
            + " requested bytes.",
        (side, seen) -> {
          FileChannel opened = side.open(createReadWrite());
          byte[] bytes = Bytes.of(1, (17 << 20) + 1234);
          seen.is("written", bytes.length, opened.write(ByteBuffer.wrap(bytes), 3));
          seen.is("size", bytes.length + 3, opened.size());
          seen.content("content", Lengths.overwritten(new byte[0], 3, bytes), side.file());
        });
    writable.add(
        "The number of bytes written, possibly zero",
        (side, seen) -> {
          byte[] before = side.fill(5000);
          FileChannel opened = side.open(WRITE).position(6000);
          seen.is("written", 0, opened.write(ByteBuffer.allocate(0)));
          seen.is("written", 0, opened.write(ByteBuffer.allocateDirect(0), 70_000));
          seen.is("written", 0, opened.write(ByteBuffer.allocate(9).position(9), 70_000));
          seen.channel("channel", opened);
          seen.content("content", before, side.file());
        });
    writable.add(
        "If this channel was not opened for writing",
        (side, seen) -> {
          byte[] before = side.fill(5000);
          FileChannel opened = side.open(READ);
          ByteBuffer buffer = ByteBuffer.allocate(10);
          seen.fails(NonWritableChannelException.class, "write", () -> opened.write(buffer));
          seen.fails(NonWritableChannelException.class, "write at", () -> opened.write(buffer, 0));
          seen.fails(
              NonWritableChannelException.class,
              "gather",
              () -> opened.write(new ByteBuffer[] {buffer}));
          seen.fails(
              NonWritableChannelException.class,
              "nothing",
              () -> opened.write(ByteBuffer.allocate(0)));
          seen.buffer("buffer", buffer);
          seen.channel("channel", opened);
          seen.content("content", before, side.file());
        });
  }

  private static void arguments(Cases.Of channel) {
    channel.add(
        "If the position is negative",
        (side, seen) -> {
          byte[] before = side.fill(5000);
          FileChannel opened = side.open(READ, WRITE);
          ByteBuffer buffer = ByteBuffer.allocate(10);
          seen.fails(IllegalArgumentException.class, "write", () -> opened.write(buffer, -1));
          seen.fails(
              IllegalArgumentException.class, "write", () -> opened.write(buffer, Long.MIN_VALUE));
          seen.fails(IllegalArgumentException.class, "read", () -> opened.read(buffer, -1));
          seen.buffer("buffer", buffer);
          seen.channel("channel", opened);
          seen.content("content", before, side.file());
        });
    channel.add(
        "If some other I/O error occurs",
        (side, seen) -> {
          side.fill(5000);
          FileChannel opened = side.open(READ, WRITE);
          for (int length : new int[] {100, 4096, UNALIGNED}) {
            ByteBuffer buffer = ByteBuffer.allocate(length);
            seen.fails(IOException.class, "far", () -> opened.write(buffer, Long.MAX_VALUE));
            seen.fails(IOException.class, "far", () -> opened.write(buffer, Long.MAX_VALUE - 4095));
            seen.fails(IOException.class, "far", () -> opened.write(buffer, 1L << 62));
            seen.buffer("buffer", buffer);
          }
          // Whether there can be such a position depends on the JDK and the file system.
          seen.outcome("position", () -> opened.position(Long.MAX_VALUE - 1).position());
          ByteBuffer buffer = ByteBuffer.allocate(4096);
          seen.outcome("write", () -> opened.write(buffer));
          seen.outcome("gather", () -> opened.write(new ByteBuffer[] {buffer.clear()}));
          seen.buffer("buffer", buffer);
          seen.channel("channel", opened);
        });
    channel.add(
        "The buffer from which bytes are to be transferred",
        (side, seen) -> {
          FileChannel opened = side.open(createReadWrite());
          seen.fails(NullPointerException.class, "write", () -> opened.write((ByteBuffer) null));
          seen.fails(NullPointerException.class, "write at", () -> opened.write(null, 0));
          seen.channel("channel", opened);
        });
    channel.add(
        "except that bytes are written starting at the given file position rather than at the"
            + " channel's current position.",
        (side, seen) -> {
          side.fill(5000);
          FileChannel opened = side.open(APPEND);
          // Where these go depends on the JDK.
          seen.outcome("written", () -> opened.write(ByteBuffer.wrap(Bytes.of(1, 4096)), 0));
          seen.outcome("written", () -> opened.write(ByteBuffer.wrap(Bytes.of(2, 100)), 6000));
          seen.channel("channel", opened);
        });
  }
}
