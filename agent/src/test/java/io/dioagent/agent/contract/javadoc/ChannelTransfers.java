package io.dioagent.agent.contract.javadoc;

import static io.dioagent.agent.contract.javadoc.Lengths.UNALIGNED;
import static io.dioagent.agent.contract.javadoc.Lengths.createReadWrite;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import io.dioagent.agent.contract.Bytes;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.Arrays;

/** Transfers from channel to channel. */
final class ChannelTransfers {
  private static final int LARGE = (9 << 20) + 77;

  private ChannelTransfers() {}

  static void addTo(Cases cases) {
    Cases.Of channel = cases.of(FileChannel.class);
    to(channel);
    toOtherChannels(channel);
    from(channel);
    fromPositions(channel);
    failures(channel);
    closedMeanwhile(channel);
  }

  private static Path[] places(Side side) {
    return new Path[] {side.path("other"), side.neutral("other")};
  }

  private static void to(Cases.Of channel) {
    channel.add(
        "An attempt is made to read up to count bytes starting at the given position in this"
            + " channel's file and write them to the target channel.",
        (side, seen) -> {
          byte[] bytes = side.fill(LARGE);
          FileChannel opened = side.open(READ, WRITE);
          byte[] over = Bytes.of(9, 5000);
          seen.is("written", 5000, opened.write(ByteBuffer.wrap(over), 3));
          bytes = Lengths.overwritten(bytes, 3, over);
          for (Path place : places(side)) {
            FileChannel target = side.openAt(place, createReadWrite());
            int[][] ranges = {{0, 100}, {4096, 8192}, {1, UNALIGNED}, {0, LARGE}};
            byte[] expected = new byte[0];
            for (int[] range : ranges) {
              seen.is("count", range[1], opened.transferTo(range[0], range[1], target));
              expected =
                  Lengths.joined(
                      expected, Arrays.copyOfRange(bytes, range[0], range[0] + range[1]));
              seen.is("position of the target", expected.length, target.position());
            }
            seen.is("position", 0, opened.position());
            seen.content("content", expected, place);
          }
        });
    channel.add(
        "If the target channel has a position then bytes are written starting at that position and"
            + " then the position is incremented by the number of bytes written.",
        (side, seen) -> {
          byte[] bytes = side.fill(side.neutral("source"), UNALIGNED);
          FileChannel source = side.openAt(side.neutral("source"), READ);
          byte[] expected = side.fill(100_000);
          FileChannel target = side.open(READ, WRITE);
          for (int at : new int[] {0, 4096, 5000, 99_999}) {
            target.position(at);
            seen.is("count", UNALIGNED, source.transferTo(0, UNALIGNED, target));
            seen.is("position", at + UNALIGNED, target.position());
            expected = Lengths.overwritten(expected, at, bytes);
            seen.content("content", expected, side.file());
          }
        });
    channel.add(
        "Fewer than the requested number of bytes are transferred if this channel's file contains"
            + " fewer than count bytes starting at the given position",
        (side, seen) -> {
          FileChannel opened = side.open(createReadWrite());
          seen.is("written", 5000, opened.write(ByteBuffer.wrap(Bytes.of(1, 5000))));
          FileChannel target = side.openAt(side.path("other"), CREATE, WRITE);
          seen.is("count", 4000, opened.transferTo(1000, 1 << 20, target));
          seen.is("count", 0, opened.transferTo(5000, 10, target));
          seen.is("count", 0, opened.transferTo(1L << 40, 10, target));
          seen.is("count", 0, opened.transferTo(0, 0, target));
          seen.channel("target", target);
          seen.channel("channel", opened);
        });
  }

  private static void toOtherChannels(Cases.Of channel) {
    channel.add(
        "Transfers bytes from this channel's file to the given writable byte channel.",
        (side, seen) -> {
          FileChannel opened = side.open(createReadWrite());
          byte[] bytes = Bytes.of(1, UNALIGNED);
          seen.is("written", UNALIGNED, opened.write(ByteBuffer.wrap(bytes)));
          ByteArrayOutputStream out = new ByteArrayOutputStream();
          WritableByteChannel target = Channels.newChannel(out);
          for (int at = 0; at < UNALIGNED; at = out.size()) {
            seen.value("count", opened.transferTo(at, UNALIGNED, target));
          }
          seen.content("content", bytes, out.toByteArray());
        });
    channel.add(
        "In this mode each invocation of a relative write operation first advances the position to"
            + " the end of the file and then writes the requested data.",
        (side, seen) -> {
          byte[] before = side.fill(5000);
          byte[] bytes = side.fill(side.path("source"), UNALIGNED);
          FileChannel target = side.open(APPEND);
          FileChannel source = side.openAt(side.path("source"), READ);
          seen.is("count", UNALIGNED, source.transferTo(0, UNALIGNED, target));
          seen.outcome("from", () -> target.transferFrom(source, 0, 100));
          seen.channel("target", target);
          seen.value("source", source.position());
          byte[] start = new byte[5000];
          try (FileChannel reading = FileChannel.open(side.file(), READ)) {
            seen.is("read", 5000, reading.read(ByteBuffer.wrap(start)));
          }
          seen.content("start of " + bytes.length, before, start);
        });
  }

  private static void from(Cases.Of channel) {
    channel.add(
        "An attempt is made to read up to count bytes from the source channel and write them to"
            + " this channel's file starting at the given position.",
        (side, seen) -> {
          byte[] expected = side.fill(100_000);
          FileChannel target = side.open(READ, WRITE);
          target.position(7);
          for (Path place : places(side)) {
            byte[] bytes = side.fill(place, LARGE);
            FileChannel source = side.openAt(place, READ);
            int[][] ranges = {{0, 100}, {4096, 8192}, {100_000, UNALIGNED}, {1, LARGE}};
            for (int[] range : ranges) {
              source.position(0);
              seen.is("count", range[1], target.transferFrom(source, range[0], range[1]));
              seen.is("position of the source", range[1], source.position());
              expected = Lengths.overwritten(expected, range[0], Arrays.copyOf(bytes, range[1]));
            }
            seen.content("content", expected, side.file());
          }
          seen.is("position", 7, target.position());
        });
    channel.add(
        "Transfers bytes into this channel's file from the given readable byte channel.",
        (side, seen) -> {
          FileChannel target = side.open(createReadWrite());
          byte[] bytes = Bytes.of(1, UNALIGNED);
          ReadableByteChannel source = Channels.newChannel(new ByteArrayInputStream(bytes));
          int at = 0;
          while (at < UNALIGNED) {
            int count = (int) target.transferFrom(source, at, 30_000);
            seen.value("count", count);
            at += count;
          }
          seen.is("at the end", 0, target.transferFrom(source, at, 30_000));
          seen.is("position", 0, target.position());
          seen.content("content", bytes, side.file());
        });
  }

  private static void fromPositions(Cases.Of channel) {
    channel.add(
        "Fewer than the requested number of bytes will be transferred if the source channel has"
            + " fewer than count bytes remaining",
        (side, seen) -> {
          byte[] bytes = side.fill(side.path("source"), 5000);
          FileChannel source = side.openAt(side.path("source"), READ);
          FileChannel target = side.open(createReadWrite());
          source.position(1000);
          seen.is("count", 4000, target.transferFrom(source, 0, 1 << 20));
          seen.is("position of the source", 5000, source.position());
          seen.is("count", 0, target.transferFrom(source, 0, 10));
          seen.is("count", 0, target.transferFrom(source.position(9000), 0, 10));
          seen.channel("target", target);
          seen.content("content", Arrays.copyOfRange(bytes, 1000, 5000), side.file());
        });
    channel.add(
        "If the given position is greater than", // The result then depends on the JDK.
        (side, seen) -> {
          side.fill(5000);
          side.fill(side.path("source"), 5000);
          FileChannel source = side.openAt(side.path("source"), READ);
          FileChannel target = side.open(READ, WRITE);
          for (int at : new int[] {5000, 5001, 20_000}) {
            seen.value("count", target.transferFrom(source, at, 1000));
            seen.value("position of the source", source.position());
            seen.channel("target", target);
          }
        });
    channel.add(
        "If the source channel has a position then bytes are read starting at that position and"
            + " then the position is incremented by the number of bytes read.",
        (side, seen) -> {
          FileChannel both = side.open(createReadWrite());
          byte[] bytes = Bytes.of(1, UNALIGNED);
          seen.is("written", UNALIGNED, both.write(ByteBuffer.wrap(bytes)));
          FileChannel again = side.open(READ);
          // Within one file.
          again.position(100);
          seen.is("count", 4096, both.transferFrom(again, UNALIGNED, 4096));
          seen.is("position of the source", 4196, again.position());
          byte[] expected = Lengths.joined(bytes, Arrays.copyOfRange(bytes, 100, 4196));
          seen.content("content", expected, side.file());
        });
  }

  private static void failures(Cases.Of channel) {
    channel.add(
        "If the target channel was not opened for writing",
        (side, seen) -> {
          side.fill(5000);
          side.fill(side.path("other"), 5000);
          FileChannel reading = side.open(READ);
          FileChannel writing = side.open(WRITE);
          FileChannel other = side.openAt(side.path("other"), READ);
          seen.fails(
              NonWritableChannelException.class, "to", () -> reading.transferTo(0, 10, other));
          seen.fails(
              NonWritableChannelException.class, "from", () -> reading.transferFrom(other, 0, 10));
          seen.fails(
              NonReadableChannelException.class, "to", () -> writing.transferTo(0, 10, writing));
          FileChannel both = side.openAt(side.path("other"), READ, WRITE);
          seen.fails(
              NonReadableChannelException.class, "from", () -> both.transferFrom(writing, 0, 10));
          seen.channel("channel", both);
        });
    channel.add(
        "If the preconditions on the parameters do not hold",
        (side, seen) -> {
          side.fill(5000);
          side.fill(side.path("other"), 5000);
          FileChannel opened = side.open(READ, WRITE);
          FileChannel other = side.openAt(side.path("other"), READ, WRITE);
          Class<IllegalArgumentException> illegal = IllegalArgumentException.class;
          seen.fails(illegal, "to", () -> opened.transferTo(-1, 10, other));
          seen.fails(illegal, "to", () -> opened.transferTo(0, -1, other));
          seen.fails(illegal, "from", () -> opened.transferFrom(other, -1, 10));
          seen.fails(illegal, "from", () -> opened.transferFrom(other, 0, -1));
          seen.fails(NullPointerException.class, "to", () -> opened.transferTo(0, 10, null));
          seen.fails(NullPointerException.class, "from", () -> opened.transferFrom(null, 0, 10));
          seen.channel("channel", opened);
          seen.channel("other", other);
        });
  }

  private static void closedMeanwhile(Cases.Of channel) {
    channel.add(
        "If either this channel or the target channel is closed",
        (side, seen) -> {
          side.fill(5000);
          side.fill(side.path("other"), 5000);
          FileChannel opened = side.open(READ, WRITE);
          FileChannel other = side.openAt(side.path("other"), READ, WRITE);
          other.close();
          Class<ClosedChannelException> closed = ClosedChannelException.class;
          seen.fails(closed, "to", () -> opened.transferTo(0, 10, other));
          seen.fails(closed, "from", () -> opened.transferFrom(other, 0, 10));
          seen.fails(closed, "to", () -> other.transferTo(0, 10, opened));
          seen.fails(closed, "from", () -> other.transferFrom(opened, 0, 10));
          seen.channel("channel", opened);
        });
    channel.add(
        "while the transfer is in progress, thereby closing both channels and setting the current"
            + " thread's interrupt status",
        (side, seen) -> {
          side.fill(5000);
          side.fill(side.path("other"), 5000);
          FileChannel opened = side.open(READ, WRITE);
          FileChannel other = side.openAt(side.path("other"), READ, WRITE);
          Thread.currentThread().interrupt();
          seen.fails(
              ClosedByInterruptException.class, "to", () -> opened.transferTo(0, 100, other));
          seen.holds("interrupted", Thread.interrupted());
          seen.value("open", opened.isOpen());
          seen.value("other open", other.isOpen());
        });
  }
}
