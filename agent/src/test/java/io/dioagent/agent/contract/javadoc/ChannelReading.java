package io.dioagent.agent.contract.javadoc;

import static io.dioagent.agent.contract.javadoc.Lengths.UNALIGNED;
import static io.dioagent.agent.contract.javadoc.Lengths.createReadWrite;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import io.dioagent.agent.contract.BufferKind;
import io.dioagent.agent.contract.Bytes;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.NonReadableChannelException;
import java.util.Arrays;

/** Reads of written data. */
final class ChannelReading {
  private ChannelReading() {}

  static void addTo(Cases cases) {
    Cases.Of channel = cases.of(FileChannel.class);
    reading(channel);
    limits(channel);
  }

  private static void reading(Cases.Of channel) {
    channel.add(
        "Bytes are read starting at this channel's current file position, and then the file"
            + " position is updated with the number of bytes actually read.",
        (side, seen) -> {
          FileChannel opened = side.open(createReadWrite());
          byte[] bytes = Bytes.of(1, 200_003);
          seen.is("written", bytes.length, opened.write(ByteBuffer.wrap(bytes)));
          opened.position(3);
          int at = 3;
          for (int length : new int[] {1, 511, 4096, 65_536, 5000, UNALIGNED}) {
            for (BufferKind kind : new BufferKind[] {BufferKind.HEAP, BufferKind.DIRECT_SLICED}) {
              ByteBuffer buffer = kind.empty(length);
              int from = buffer.position();
              int count = opened.read(buffer);
              seen.value("read", count);
              seen.buffer("buffer", buffer);
              if (count > 0) {
                byte[] read = new byte[count];
                buffer.get(from, read);
                seen.content("content", Arrays.copyOfRange(bytes, at, at + count), read);
                at += count;
              }
              seen.is("position", at, opened.position());
            }
          }
        });
    channel.add(
        "except that bytes are read starting at the given file position rather than at the"
            + " channel's current position.",
        (side, seen) -> {
          FileChannel opened = side.open(createReadWrite());
          byte[] bytes = Bytes.of(1, UNALIGNED);
          seen.is("written", UNALIGNED, opened.write(ByteBuffer.wrap(bytes)));
          for (int position : new int[] {0, 1, 4096, 65_536, UNALIGNED - 1}) {
            for (int length : new int[] {1, 4096, UNALIGNED}) {
              ByteBuffer buffer = ByteBuffer.allocate(length);
              int count = Math.min(length, UNALIGNED - position);
              seen.is("read", count, opened.read(buffer, position));
              seen.content(
                  "content",
                  Arrays.copyOfRange(bytes, position, position + count),
                  Arrays.copyOf(buffer.array(), count));
            }
          }
          seen.is("position", UNALIGNED, opened.position());
        });
  }

  private static void limits(Cases.Of channel) {
    channel.add(
        "or -1 if the given position is greater than or equal to the file's current size",
        (side, seen) -> {
          FileChannel opened = side.open(createReadWrite());
          seen.is("written", 5000, opened.write(ByteBuffer.allocate(5000)));
          ByteBuffer buffer = ByteBuffer.allocate(4096);
          for (long position : new long[] {5000, 5001, 8192, 1L << 40, Long.MAX_VALUE - 4096}) {
            seen.is("read", -1, opened.read(buffer, position));
          }
          seen.is("before the end", 1, opened.read(buffer, 4999));
          seen.is("at the end", -1, opened.read(buffer));
          seen.is("into nothing", 0, opened.read(ByteBuffer.allocate(0)));
          seen.buffer("buffer", buffer);
        });
    channel.add(
        "If the position is negative or the buffer is read-only",
        (side, seen) -> {
          side.fill(5000);
          FileChannel opened = side.open(READ, WRITE);
          ByteBuffer buffer = ByteBuffer.allocate(10);
          ByteBuffer readOnly = buffer.asReadOnlyBuffer();
          seen.fails(IllegalArgumentException.class, "negative", () -> opened.read(buffer, -1));
          seen.fails(IllegalArgumentException.class, "read", () -> opened.read(readOnly));
          seen.fails(IllegalArgumentException.class, "read at", () -> opened.read(readOnly, 0));
          seen.buffer("buffer", readOnly);
          seen.channel("channel", opened);
        });
    channel.add(
        "If this channel was not opened for reading",
        (side, seen) -> {
          side.fill(5000);
          FileChannel opened = side.open(WRITE);
          ByteBuffer buffer = ByteBuffer.allocate(10);
          seen.fails(NonReadableChannelException.class, "read", () -> opened.read(buffer));
          seen.fails(NonReadableChannelException.class, "read at", () -> opened.read(buffer, 0));
          seen.fails(
              NonReadableChannelException.class,
              "scatter",
              () -> opened.read(new ByteBuffer[] {buffer}));
          seen.buffer("buffer", buffer);
          seen.channel("channel", opened);
        });
    channel.add(
        "If the given position is greater than",
        (side, seen) -> {
          byte[] bytes = side.fill(5000);
          FileChannel opened = side.open(READ, WRITE);
          byte[] written = Bytes.of(1, 5000);
          ByteBuffer read = ByteBuffer.allocate(10_000);
          seen.is("before", -1, opened.read(read, 5000));
          seen.is("written", 5000, opened.write(ByteBuffer.wrap(written), 5000));
          seen.is("after", 10_000, opened.read(read, 0));
          seen.content("content", Lengths.joined(bytes, written), read.array());
        });
  }
}
