package io.dioagent.agent.contract.javadoc;

import static io.dioagent.agent.contract.javadoc.Lengths.UNALIGNED;
import static io.dioagent.agent.contract.javadoc.Lengths.createReadWrite;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import io.dioagent.agent.contract.Bytes;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.util.Arrays;

/** Mapped files that are also written through channels. */
final class ChannelMapping {
  private ChannelMapping() {}

  static void addTo(Cases cases) {
    Cases.Of channel = cases.of(FileChannel.class);
    modes(channel);
    view(channel);
    arguments(channel);
    force(channel);
  }

  private static void modes(Cases.Of channel) {
    channel.add(
        "Any attempt to modify the resulting buffer will cause a java.nio.ReadOnlyBufferException"
            + " to be thrown.",
        (side, seen) -> {
          FileChannel opened = side.open(createReadWrite());
          byte[] bytes = Bytes.of(1, UNALIGNED);
          seen.is("written", UNALIGNED, opened.write(ByteBuffer.wrap(bytes)));
          MappedByteBuffer mapped = opened.map(MapMode.READ_ONLY, 0, UNALIGNED);
          seen.content("content", bytes, all(mapped));
          seen.fails(ReadOnlyBufferException.class, "put", () -> mapped.put(0, (byte) 1));
        });
    channel.add(
        "Changes made to the resulting buffer will eventually be propagated to the file",
        (side, seen) -> {
          FileChannel opened = side.open(createReadWrite());
          byte[] bytes = Bytes.of(1, UNALIGNED);
          seen.is("written", UNALIGNED, opened.write(ByteBuffer.wrap(bytes)));
          MappedByteBuffer mapped = opened.map(MapMode.READ_WRITE, 100, 50_000);
          byte[] put = Bytes.of(2, 5000);
          mapped.put(4000, put);
          mapped.force();
          byte[] expected = Lengths.overwritten(bytes, 4100, put);
          ByteBuffer read = ByteBuffer.allocate(UNALIGNED);
          seen.is("read", UNALIGNED, opened.read(read, 0));
          seen.content("read", expected, read.array());
          seen.content("content", expected, side.file());
        });
    channel.add(
        "Changes made to the resulting buffer will not be propagated to the file",
        (side, seen) -> {
          byte[] bytes = side.fill(UNALIGNED);
          FileChannel opened = side.open(READ, WRITE);
          MappedByteBuffer mapped = opened.map(MapMode.PRIVATE, 0, UNALIGNED);
          mapped.put(4000, Bytes.of(2, 5000));
          seen.content("content", bytes, side.file());
          seen.content("mapping", Lengths.overwritten(bytes, 4000, Bytes.of(2, 5000)), all(mapped));
        });
  }

  private static void view(Cases.Of channel) {
    // Unspecified, but so on Linux, and applications rely on it.
    channel.add(
        "Whether changes made to the content or size of the underlying file, by this program or"
            + " another, are propagated to the buffer is unspecified.",
        (side, seen) -> {
          byte[] expected = side.fill(200_000);
          FileChannel opened = side.open(READ, WRITE);
          MappedByteBuffer mapped = opened.map(MapMode.READ_WRITE, 0, expected.length);
          for (int i = 0; i < 30; i++) {
            byte[] put = Bytes.of(i, 100);
            mapped.put(i * 4099, put);
            expected = Lengths.overwritten(expected, i * 4099, put);
            byte[] written = Bytes.of(-i, i % 2 == 0 ? 4096 : 4001);
            int at = i % 2 == 0 ? i * 4096 : i * 4001;
            seen.is("written", written.length, opened.write(ByteBuffer.wrap(written), at));
            expected = Lengths.overwritten(expected, at, written);
            seen.content("mapping", expected, all(mapped));
            ByteBuffer read = ByteBuffer.allocate(expected.length);
            seen.is("read", expected.length, opened.read(read, 0));
            seen.content("read", expected, read.array());
          }
          seen.content("content", expected, side.file());
        });
    channel.add(
        "will have a position of zero and a limit and capacity of size",
        (side, seen) -> {
          side.fill(UNALIGNED);
          FileChannel opened = side.open(READ, WRITE);
          for (int[] range : new int[][] {{0, 1}, {4096, 4096}, {5001, 60_000}, {100, 0}}) {
            MappedByteBuffer mapped = opened.map(MapMode.READ_WRITE, range[0], range[1]);
            seen.is("position", 0, mapped.position());
            seen.is("limit", range[1], mapped.limit());
            seen.is("capacity", range[1], mapped.capacity());
          }
          seen.channel("channel", opened);
        });
    channel.add(
        "Closing the channel, in particular, has no effect upon the validity of the mapping.",
        (side, seen) -> {
          FileChannel opened = side.open(createReadWrite());
          byte[] bytes = Bytes.of(1, UNALIGNED);
          seen.is("written", UNALIGNED, opened.write(ByteBuffer.wrap(bytes)));
          MappedByteBuffer mapped = opened.map(MapMode.READ_WRITE, 0, UNALIGNED);
          opened.close();
          seen.content("mapping", bytes, all(mapped));
          mapped.put(17, (byte) 1);
          FileChannel again = side.open(READ, WRITE);
          seen.is("written", 4096, again.write(ByteBuffer.wrap(Bytes.of(2, 4096)), 4096));
          bytes[17] = 1;
          byte[] expected = Lengths.overwritten(bytes, 4096, Bytes.of(2, 4096));
          seen.content("mapping", expected, all(mapped));
          seen.content("content", expected, side.file());
        });
  }

  private static void arguments(Cases.Of channel) {
    channel.add(
        "The behavior of this method when the requested region is not completely contained within"
            + " this channel's file is unspecified.",
        (side, seen) -> {
          FileChannel opened = side.open(createReadWrite());
          byte[] bytes = Bytes.of(1, 5000);
          seen.is("written", 5000, opened.write(ByteBuffer.wrap(bytes)));
          MappedByteBuffer mapped = opened.map(MapMode.READ_WRITE, 4096, 10_000);
          seen.channel("channel", opened);
          mapped.put(9999, (byte) 3);
          byte[] expected = Arrays.copyOf(bytes, 14_096);
          expected[14_095] = 3;
          seen.content("content", expected, side.file());
          seen.is("written", 100, opened.write(ByteBuffer.wrap(bytes, 0, 100)));
          System.arraycopy(bytes, 0, expected, 5000, 100);
          seen.content("content", expected, side.file());
        });
    channel.add(
        "For a read-only mapping, this channel must have been opened for reading; for a read/write"
            + " or private mapping, this channel must have been opened for both reading and"
            + " writing.",
        (side, seen) -> {
          side.fill(5000);
          FileChannel reading = side.open(READ);
          FileChannel writing = side.open(WRITE);
          for (MapMode mode : new MapMode[] {MapMode.READ_WRITE, MapMode.PRIVATE}) {
            seen.fails(
                NonWritableChannelException.class, "reading", () -> reading.map(mode, 0, 10));
          }
          for (MapMode mode :
              new MapMode[] {MapMode.READ_WRITE, MapMode.PRIVATE, MapMode.READ_ONLY}) {
            seen.fails(
                NonReadableChannelException.class, "writing", () -> writing.map(mode, 0, 10));
          }
          reading.close();
          seen.fails(
              ClosedChannelException.class, "closed", () -> reading.map(MapMode.READ_ONLY, 0, 1));
        });
    channel.add(
        "The size of the region to be mapped; must be non-negative",
        (side, seen) -> {
          side.fill(5000);
          FileChannel opened = side.open(READ, WRITE);
          Class<IllegalArgumentException> illegal = IllegalArgumentException.class;
          seen.fails(illegal, "position", () -> opened.map(MapMode.READ_ONLY, -1, 10));
          seen.fails(illegal, "size", () -> opened.map(MapMode.READ_ONLY, 0, -1));
          seen.fails(illegal, "large", () -> opened.map(MapMode.READ_ONLY, 0, 1L << 31));
          seen.fails(illegal, "both", () -> opened.map(MapMode.READ_ONLY, Long.MAX_VALUE - 5, 100));
          seen.channel("channel", opened);
        });
  }

  private static void force(Cases.Of channel) {
    channel.add(
        "Invoking the force method of the mapped byte buffer will force changes made to the"
            + " buffer's content to be written.",
        (side, seen) -> {
          byte[] bytes = side.fill(UNALIGNED);
          FileChannel opened = side.open(READ, WRITE);
          MappedByteBuffer mapped = opened.map(MapMode.READ_WRITE, 0, UNALIGNED);
          mapped.put(8200, (byte) 9);
          seen.is("written", 8192, opened.write(ByteBuffer.wrap(Bytes.of(1, 8192)), 8192));
          mapped.put(8201, (byte) 9);
          mapped.force();
          opened.force(true);
          byte[] expected = Lengths.overwritten(bytes, 8192, Bytes.of(1, 8192));
          expected[8201] = 9;
          seen.content("content", expected, side.file());
        });
  }

  private static byte[] all(MappedByteBuffer mapped) {
    byte[] bytes = new byte[mapped.capacity()];
    mapped.get(0, bytes);
    return bytes;
  }
}
