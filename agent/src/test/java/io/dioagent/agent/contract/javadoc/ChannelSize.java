package io.dioagent.agent.contract.javadoc;

import static io.dioagent.agent.contract.javadoc.Lengths.UNALIGNED;
import static io.dioagent.agent.contract.javadoc.Lengths.createReadWrite;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import io.dioagent.agent.contract.Bytes;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.Files;
import java.util.Arrays;

/** Size, truncation, and force. */
final class ChannelSize {
  private ChannelSize() {}

  static void addTo(Cases cases) {
    Cases.Of channel = cases.of(FileChannel.class);
    channel.add(
        "Returns the current size of this channel's file.",
        (side, seen) -> {
          FileChannel opened = side.open(createReadWrite());
          seen.is("size", 0, opened.size());
          int size = 0;
          for (int length : Lengths.ALL) {
            seen.is("written", length, opened.write(ByteBuffer.allocate(length), size));
            size += length;
            seen.is("size", size, opened.size());
            seen.is("size of the file", size, Files.size(side.file()));
            seen.is("length of the file", size, side.file().toFile().length());
          }
          opened.truncate(4097);
          seen.is("size", 4097, opened.size());
          seen.is("size of the file", 4097, Files.size(side.file()));
        });
    truncate(channel);
    positionAfterTruncate(channel);
    force(channel);
  }

  private static void truncate(Cases.Of channel) {
    channel.add(
        "If the given size is less than the file's current size then the file is truncated,"
            + " discarding any bytes beyond the new end of the file.",
        (side, seen) -> {
          FileChannel opened = side.open(createReadWrite());
          byte[] bytes = Bytes.of(1, UNALIGNED);
          seen.is("written", UNALIGNED, opened.write(ByteBuffer.wrap(bytes)));
          for (int size : new int[] {70_000, 65_536, 5000, 4096, 100, 0}) {
            seen.holds("answers itself", opened.truncate(size) == opened);
            seen.is("size", size, opened.size());
            seen.content("content", Arrays.copyOf(bytes, size), side.file());
          }
        });
    channel.add(
        "the size of the file decreases when it is truncated.",
        (side, seen) -> {
          FileChannel opened = side.open(createReadWrite());
          byte[] bytes = Bytes.of(1, UNALIGNED);
          seen.is("written", UNALIGNED, opened.write(ByteBuffer.wrap(bytes)));
          opened.truncate(5000);
          // Bytes that were cut off do not come back.
          seen.is("written", 10, opened.write(ByteBuffer.wrap(bytes, 0, 10), 65_000));
          byte[] expected =
              Lengths.overwritten(Arrays.copyOf(bytes, 5000), 65_000, Arrays.copyOf(bytes, 10));
          seen.content("content", expected, side.file());
        });
    channel.add(
        "If the given size is greater than or equal to the file's current size then the file is"
            + " not modified.",
        (side, seen) -> {
          FileChannel opened = side.open(createReadWrite());
          byte[] bytes = Bytes.of(1, UNALIGNED);
          seen.is("written", UNALIGNED, opened.write(ByteBuffer.wrap(bytes)));
          opened.truncate(UNALIGNED);
          opened.truncate(UNALIGNED + 1);
          opened.truncate(Long.MAX_VALUE);
          seen.channel("channel", opened);
          seen.content("content", bytes, side.file());
        });
  }

  private static void positionAfterTruncate(Cases.Of channel) {
    channel.add(
        "In either case, if this channel's file position is greater than the given size then it is"
            + " set to that size.",
        (side, seen) -> {
          FileChannel opened = side.open(createReadWrite());
          seen.is("written", UNALIGNED, opened.write(ByteBuffer.allocate(UNALIGNED)));
          opened.truncate(8192);
          seen.is("position", 8192, opened.position());
          seen.is("written", 100, opened.write(ByteBuffer.wrap(Bytes.of(1, 100))));
          opened.position(100_000).truncate(50_000);
          seen.is("position", 50_000, opened.position());
          opened.position(10).truncate(5000);
          seen.is("position", 10, opened.position());
        });
    channel.add(
        "If the new size is negative",
        (side, seen) -> {
          side.fill(5000);
          FileChannel opened = side.open(READ, WRITE);
          seen.fails(IllegalArgumentException.class, "truncate", () -> opened.truncate(-1));
          FileChannel reading = side.open(READ);
          seen.fails(NonWritableChannelException.class, "truncate", () -> reading.truncate(0));
          seen.outcome("both", () -> reading.truncate(-1));
          seen.channel("channel", opened);
        });
    channel.add(
        "Truncates this channel's file to the given size.",
        (side, seen) -> {
          byte[] before = side.fill(UNALIGNED);
          FileChannel opened = side.open(APPEND);
          opened.truncate(5000);
          seen.value("position", opened.position());
          byte[] written = Bytes.of(1, 4096);
          seen.is("written", 4096, opened.write(ByteBuffer.wrap(written)));
          byte[] expected = Lengths.joined(Arrays.copyOf(before, 5000), written);
          seen.content("content", expected, side.file());
        });
  }

  private static void force(Cases.Of channel) {
    channel.add(
        "Forces any updates to this channel's file to be written to the storage device that"
            + " contains it.",
        (side, seen) -> {
          FileChannel opened = side.open(createReadWrite());
          byte[] expected = new byte[0];
          for (int length : Lengths.ALL) {
            byte[] bytes = Bytes.of(length, length);
            seen.is("written", length, opened.write(ByteBuffer.wrap(bytes)));
            opened.force(length % 2 == 0);
            expected = Lengths.joined(expected, bytes);
            seen.content("content", expected, side.file());
          }
          seen.channel("channel", opened);
        });
    channel.add(
        "Invoking this method may cause an I/O operation to occur even if the channel was only"
            + " opened for reading.",
        (side, seen) -> {
          byte[] bytes = side.fill(UNALIGNED);
          FileChannel writing = side.open(WRITE);
          FileChannel reading = side.open(READ);
          seen.is("written", UNALIGNED, writing.write(ByteBuffer.wrap(bytes), 3));
          reading.force(true);
          reading.force(false);
          seen.channel("channel", reading);
        });
    channel.add(
        "If true then this method is required to force changes to both the file's content and"
            + " metadata to be written to storage; otherwise, it need only force content changes to"
            + " be written",
        (side, seen) -> {
          FileChannel opened = side.open(createReadWrite());
          opened.force(true); // With nothing to force.
          for (int i = 0; i < 50; i++) {
            seen.is("written", 100, opened.write(ByteBuffer.wrap(Bytes.of(i, 100))));
            opened.force(i % 2 == 0);
          }
          seen.channel("channel", opened);
        });
  }
}
