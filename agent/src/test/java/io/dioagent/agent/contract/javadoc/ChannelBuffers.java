package io.dioagent.agent.contract.javadoc;

import static io.dioagent.agent.contract.javadoc.Lengths.UNALIGNED;
import static io.dioagent.agent.contract.javadoc.Lengths.createReadWrite;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import io.dioagent.agent.contract.BufferKind;
import io.dioagent.agent.contract.Bytes;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.Arrays;

/** Writes from all kinds of buffers. */
final class ChannelBuffers {
  private static final String FROM =
      "This byte sequence will be transferred from the buffer starting at index p, where p is the"
          + " buffer's position at the moment this method is invoked";

  private ChannelBuffers() {}

  static void addTo(Cases cases) {
    Cases.Of writable = cases.of(WritableByteChannel.class);
    for (BufferKind kind : BufferKind.values()) {
      writable.add(FROM, (side, seen) -> kind(side, seen, kind));
    }
    writable.add(FROM, ChannelBuffers::mappedOfAnother);
    writable.add(FROM, ChannelBuffers::mappedOfTheSameRange);
    writable.add(
        FROM,
        (side, seen) -> { // Of longer memory, at odd addresses.
          FileChannel opened = side.open(createReadWrite());
          byte[] bytes = Bytes.of(1, 40_000);
          ByteBuffer memory = ByteBuffer.allocateDirect(bytes.length).put(bytes);
          for (int from : new int[] {0, 1, 7, 511, 4097}) {
            for (int length : new int[] {1, 4096, 8192, 12_345}) {
              ByteBuffer buffer = memory.slice(from, length + 5).limit(length);
              seen.is("written", length, opened.write(buffer));
              seen.buffer("buffer", buffer);
            }
          }
          seen.channel("channel", opened);
        });
  }

  private static void kind(Side side, Seen seen, BufferKind kind) throws Exception {
    FileChannel opened = side.open(createReadWrite());
    byte[] expected = new byte[0];
    for (int length : Lengths.ALL) {
      byte[] bytes = Bytes.of(length, length);
      ByteBuffer buffer = kind.holding(bytes);
      seen.is("written", length, opened.write(buffer));
      seen.buffer("buffer", buffer);
      expected = Lengths.joined(expected, bytes);
      ByteBuffer again = kind.holding(bytes);
      seen.is("written", length, opened.write(again, expected.length));
      seen.is("written", 0, opened.write(again, expected.length));
      seen.buffer("buffer", again);
    }
    seen.channel("channel", opened);
  }

  /** A mapping of another file of this side, and of one that is not tagged. */
  private static void mappedOfAnother(Side side, Seen seen) throws Exception {
    FileChannel opened = side.open(createReadWrite());
    byte[] expected = new byte[0];
    for (Path other : new Path[] {side.path("mapped"), side.neutral("mapped")}) {
      byte[] bytes = side.fill(other, UNALIGNED);
      MappedByteBuffer mapped =
          side.openAt(other, READ, WRITE).map(MapMode.READ_WRITE, 0, UNALIGNED);
      seen.is("written", UNALIGNED, opened.write(mapped));
      seen.buffer("buffer", mapped);
      expected = Lengths.joined(expected, bytes);
      mapped.put(5, (byte) 77);
      bytes[5] = 77;
      seen.is("written", UNALIGNED, opened.write(mapped.flip()));
      expected = Lengths.joined(expected, bytes);
    }
    seen.content("content", expected, side.file());
  }

  /** As an application that moves bytes within a file. */
  private static void mappedOfTheSameRange(Side side, Seen seen) throws Exception {
    byte[] bytes = side.fill(200_000);
    FileChannel opened = side.open(READ, WRITE);
    MappedByteBuffer mapped = opened.map(MapMode.READ_WRITE, 0, bytes.length);
    mapped.put(4096, (byte) 1).put(9000, (byte) 2);
    bytes[4096] = 1;
    bytes[9000] = 2;
    seen.is("onto itself", 65_536, opened.write(mapped.slice(4096, 65_536), 4096));
    seen.content("onto itself", bytes, side.file());
    seen.is("elsewhere", 65_536, opened.write(mapped.slice(0, 65_536), 100_000));
    System.arraycopy(bytes, 0, bytes, 100_000, 65_536);
    seen.content("elsewhere", bytes, side.file());
    seen.is("to the end", 10_000, opened.write(mapped.slice(3, 10_000), bytes.length));
    byte[] end = Arrays.copyOfRange(bytes, 3, 10_003);
    seen.content("to the end", Lengths.joined(bytes, end), side.file());
    byte[] seenByMapping = new byte[bytes.length];
    mapped.get(0, seenByMapping);
    seen.content("mapping", bytes, seenByMapping);
  }
}
