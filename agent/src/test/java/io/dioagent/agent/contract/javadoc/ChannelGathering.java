package io.dioagent.agent.contract.javadoc;

import static io.dioagent.agent.contract.javadoc.Lengths.UNALIGNED;
import static io.dioagent.agent.contract.javadoc.Lengths.createReadWrite;
import static java.nio.file.StandardOpenOption.APPEND;

import io.dioagent.agent.contract.BufferKind;
import io.dioagent.agent.contract.Bytes;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.GatheringByteChannel;
import java.nio.channels.ScatteringByteChannel;
import java.nio.file.Files;
import java.util.Arrays;

/** Writes from several buffers, and reads into several. */
final class ChannelGathering {
  /** More than the system takes in one call. */
  private static final int MANY = 2000;

  private static final long ROOM_BYTES = 6L << 30;

  private ChannelGathering() {}

  static void addTo(Cases cases) {
    Cases.Of gathering = cases.of(GatheringByteChannel.class);
    gathering(gathering);
    subsequence(cases.of(FileChannel.class), gathering);
    buffers(gathering);
    scattering(cases.of(ScatteringByteChannel.class));
  }

  /** Buffers of all kinds and of these lengths, and all their bytes together. */
  private static byte[] fill(ByteBuffer[] buffers, int... lengths) {
    byte[] all = new byte[0];
    BufferKind[] kinds = BufferKind.values();
    for (int i = 0; i < buffers.length; i++) {
      byte[] bytes = Bytes.of(i, lengths[i % lengths.length]);
      buffers[i] = kinds[i % kinds.length].holding(bytes);
      all = Lengths.joined(all, bytes);
    }
    return all;
  }

  private static void gathering(Cases.Of gathering) {
    gathering.add(
        "Writes a sequence of bytes to this channel from the given buffers.",
        (side, seen) -> {
          FileChannel opened = side.open(createReadWrite());
          byte[] expected = new byte[0];
          int[][] shapes = {
            {4096, 8192},
            {1, 4095, 4096},
            {100, 0, 300},
            {UNALIGNED, 5, 8192},
            {1 << 20, 512, (1 << 20) + 1}
          };
          for (int[] lengths : shapes) {
            ByteBuffer[] buffers = new ByteBuffer[lengths.length * 2];
            byte[] bytes = fill(buffers, lengths);
            seen.is("written", bytes.length, opened.write(buffers));
            expected = Lengths.joined(expected, bytes);
            seen.is("position", expected.length, opened.position());
            for (ByteBuffer buffer : buffers) {
              seen.is("remaining", 0, buffer.remaining());
              seen.buffer("buffer", buffer);
            }
          }
          seen.content("content", expected, side.file());
        });
    gathering.add(
        "As many bytes as possible are written from each buffer, hence the final position of each"
            + " updated buffer, except the last updated buffer, is guaranteed to be equal to that"
            + " buffer's limit.",
        (side, seen) -> {
          FileChannel opened = side.open(createReadWrite());
          ByteBuffer[] buffers = new ByteBuffer[MANY];
          byte[] bytes = fill(buffers, 7, 1, 13);
          int written = (int) opened.write(buffers);
          seen.value("written", written);
          seen.is("position", written, opened.position());
          int updated = 0;
          while (updated < MANY && buffers[updated].remaining() == 0) {
            updated++;
          }
          seen.value("buffers written", updated);
          for (int i = updated; i < MANY; i++) {
            seen.buffer("buffer " + i, buffers[i]);
          }
          seen.content("content", Arrays.copyOf(bytes, written), side.file());
        });
    gathering.add(
        "until the entire byte sequence is written.",
        (side, seen) -> {
          byte[] before = side.fill(5000);
          FileChannel opened = side.open(APPEND);
          ByteBuffer[] buffers = new ByteBuffer[5];
          byte[] bytes = fill(buffers, 5000, 4096, 0, 1, UNALIGNED);
          seen.is("written", bytes.length, opened.write(buffers));
          seen.is("position", before.length + bytes.length, opened.position());
          seen.content("content", Lengths.joined(before, bytes), side.file());
        });
  }

  private static void subsequence(Cases.Of channel, Cases.Of gathering) {
    channel.add(
        "Writes a sequence of bytes to this channel from a subsequence of the given buffers.",
        (side, seen) -> {
          FileChannel opened = side.open(createReadWrite());
          ByteBuffer[] buffers = new ByteBuffer[6];
          byte[] bytes = fill(buffers, 100);
          seen.is("written", 300, opened.write(buffers, 2, 3));
          for (int i = 0; i < buffers.length; i++) {
            seen.is("left in " + i, i >= 2 && i < 5 ? 0 : 100, buffers[i].remaining());
          }
          seen.content("content", Arrays.copyOfRange(bytes, 200, 500), side.file());
          seen.is("written", 0, opened.write(buffers, 6, 0));
          seen.is("written", 0, opened.write(buffers, 0, 0));
          seen.is("written", 0, opened.write(new ByteBuffer[0]));
          seen.is("written", 0, opened.write(buffers, 2, 3));
          seen.channel("channel", opened);
        });
    gathering.add(
        "If the preconditions on the offset and length parameters do not hold",
        (side, seen) -> {
          FileChannel opened = side.open(createReadWrite());
          ByteBuffer[] buffers = new ByteBuffer[3];
          fill(buffers, 100);
          int[][] wrong = {{-1, 1}, {0, -1}, {4, 0}, {2, 2}, {0, 4}, {Integer.MAX_VALUE, 1}};
          for (int[] range : wrong) {
            seen.fails(
                IndexOutOfBoundsException.class,
                "write",
                () -> opened.write(buffers, range[0], range[1]));
            seen.fails(
                IndexOutOfBoundsException.class,
                "read",
                () -> opened.read(new ByteBuffer[3], range[0], range[1]));
          }
          for (ByteBuffer buffer : buffers) {
            seen.buffer("buffer", buffer);
          }
          seen.channel("channel", opened);
        });
  }

  private static void buffers(Cases.Of gathering) {
    gathering.add(
        "The buffers from which bytes are to be retrieved",
        (side, seen) -> {
          FileChannel opened = side.open(createReadWrite());
          ByteBuffer[] buffers = new ByteBuffer[3];
          fill(buffers, 100);
          buffers[1] = null;
          seen.fails(NullPointerException.class, "a null one", () -> opened.write(buffers));
          seen.fails(NullPointerException.class, "null", () -> opened.write((ByteBuffer[]) null));
          seen.buffer("first", buffers[0]);
          seen.buffer("last", buffers[2]);
          seen.channel("channel", opened);
          seen.is(
              "written",
              100,
              opened.write(buffers, 2, 1)); // Memory held for the buffers is released.
        });
    gathering.add(
        "An attempt is made to write up to r bytes to this channel, where r is the total number of"
            + " bytes remaining in the specified subsequence of the given buffer array",
        ChannelGathering::beyondTwoGibibytes);
  }

  /** The same memory again and again: 700 times 3 MiB. */
  private static void beyondTwoGibibytes(Side side, Seen seen) throws Exception {
    long usable = Files.getFileStore(side.path("")).getUsableSpace();
    if (usable < ROOM_BYTES) {
      throw new Skipped("room for " + usable + " bytes only, needs " + ROOM_BYTES);
    }
    int length = 3 << 20;
    byte[] bytes = Bytes.of(1, length);
    ByteBuffer memory = ByteBuffer.allocateDirect(length).put(bytes).flip();
    ByteBuffer[] buffers = new ByteBuffer[700];
    for (int i = 0; i < buffers.length; i++) {
      buffers[i] = memory.duplicate();
    }
    FileChannel opened = side.open(createReadWrite());
    long written = opened.write(buffers);
    seen.value("written", written);
    seen.is("position", written, opened.position());
    seen.is("size", written, opened.size());
    for (int i = 0; i < buffers.length; i++) {
      seen.buffer("buffer " + i, buffers[i]);
    }
    for (long position = 0; position + length <= written; position += 99L * length) {
      ByteBuffer read = ByteBuffer.allocate(length);
      seen.is("read", length, opened.read(read, position));
      seen.content("content at " + position, bytes, read.array());
    }
    opened.truncate(0);
    opened.close();
    Files.delete(side.file());
  }

  private static void scattering(Cases.Of scattering) {
    scattering.add(
        "As many bytes as possible are transferred into each buffer, hence the final position of"
            + " each updated buffer, except the last updated buffer, is guaranteed to be equal to"
            + " that buffer's limit.",
        (side, seen) -> {
          byte[] bytes = side.fill(UNALIGNED);
          FileChannel opened = side.open(createReadWrite());
          seen.is("written", 5, opened.write(ByteBuffer.wrap(bytes, 0, 5)));
          ByteBuffer[] buffers = {
            ByteBuffer.allocate(4091),
            ByteBuffer.allocateDirect(8192),
            ByteBuffer.allocate(0),
            ByteBuffer.allocate(UNALIGNED)
          };
          seen.is("read", UNALIGNED - 5, opened.read(buffers));
          byte[] all = new byte[UNALIGNED - 5];
          int at = 0;
          for (ByteBuffer buffer : buffers) {
            seen.buffer("buffer", buffer);
            int count = buffer.position();
            buffer.flip().get(all, at, count);
            at += count;
          }
          seen.content("content", Arrays.copyOfRange(bytes, 5, UNALIGNED), all);
          seen.is("position", UNALIGNED, opened.position());
          seen.is("at the end", -1, opened.read(new ByteBuffer[] {ByteBuffer.allocate(1)}));
          seen.is("into nothing", 0, opened.read(new ByteBuffer[0]));
        });
    scattering.add(
        "If any of the buffers is read-only",
        (side, seen) -> {
          side.fill(5000);
          FileChannel opened = side.open(createReadWrite());
          ByteBuffer[] buffers = {
            ByteBuffer.allocate(10), ByteBuffer.allocate(10).asReadOnlyBuffer()
          };
          seen.fails(IllegalArgumentException.class, "read", () -> opened.read(buffers));
          seen.buffer("first", buffers[0]);
          seen.channel("channel", opened);
        });
  }
}
