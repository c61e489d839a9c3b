package io.dioagent.agent.contract.javadoc;

import static io.dioagent.agent.contract.javadoc.Lengths.UNALIGNED;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import io.dioagent.agent.contract.BufferKind;
import io.dioagent.agent.contract.Bytes;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousByteChannel;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.NonReadableChannelException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Future;

/** Asynchronous reads of written data. */
final class AsynchronousReading {
  private AsynchronousReading() {}

  static void addTo(Cases cases) {
    Cases.Of channel = cases.of(AsynchronousFileChannel.class);
    reading(channel);
    cases
        .of(AsynchronousByteChannel.class)
        .add(
            "Where r is 0, the read operation completes immediately with a result of 0 without"
                + " initiating an I/O operation.",
            (side, seen) -> {
              side.fill(5000);
              AsynchronousFileChannel opened = AsynchronousOpening.open(side, READ);
              Future<Integer> future = opened.read(ByteBuffer.allocate(0), 0);
              seen.holds("done", future.isDone());
              seen.is("read", 0, future.get());
              seen.is("at the end", 0, opened.read(ByteBuffer.allocate(0), 9000).get());
            });
    limits(channel);
  }

  private static void reading(Cases.Of channel) {
    channel.add(
        "Reads a sequence of bytes from this channel into the given buffer, starting at the given"
            + " file position.",
        (side, seen) -> {
          AsynchronousFileChannel opened = AsynchronousOpening.open(side);
          byte[] bytes = Bytes.of(1, UNALIGNED);
          seen.is("written", UNALIGNED, opened.write(ByteBuffer.wrap(bytes), 0).get());
          for (int position : new int[] {0, 1, 4096, UNALIGNED - 100}) {
            for (int length : new int[] {1, 100, 4096, UNALIGNED}) {
              int count = Math.min(length, UNALIGNED - position);
              ByteBuffer read = ByteBuffer.allocate(length);
              seen.is("read", count, opened.read(read, position).get());
              seen.content(
                  "content",
                  Arrays.copyOfRange(bytes, position, position + count),
                  Arrays.copyOf(read.array(), count));
              ByteBuffer direct = BufferKind.DIRECT_SLICED.empty(length);
              Handler<Integer> handler = new Handler<>();
              opened.read(direct, position, position, handler);
              seen.is("read", count, handler.await().result());
              seen.is("attachment", position, handler.attachment());
              seen.buffer("buffer", direct);
              seen.is("byte", bytes[position], direct.get(0));
            }
          }
        });
    channel.add(
        "or -1 if the given position is greater than or equal to the file's size at the time that"
            + " the read is attempted.",
        (side, seen) -> {
          side.fill(5000);
          AsynchronousFileChannel opened = AsynchronousOpening.open(side, READ, WRITE);
          ByteBuffer buffer = ByteBuffer.allocate(4096);
          for (long position : new long[] {5000, 5001, 8192, 1L << 40}) {
            seen.is("read", -1, opened.read(buffer, position).get());
            Handler<Integer> handler = new Handler<>();
            opened.read(buffer, position, null, handler);
            seen.is("read", -1, handler.await().result());
          }
          seen.buffer("buffer", buffer);
          seen.is("written", 100, opened.write(ByteBuffer.allocate(100), 5000).get());
          seen.is("read", 100, opened.read(buffer, 5000).get());
        });
  }

  private static void limits(Cases.Of channel) {
    channel.add(
        "If the position is negative or the buffer is read-only",
        (side, seen) -> {
          side.fill(5000);
          AsynchronousFileChannel opened = AsynchronousOpening.open(side, READ);
          ByteBuffer buffer = ByteBuffer.allocate(10);
          Class<IllegalArgumentException> illegal = IllegalArgumentException.class;
          seen.fails(illegal, "negative", () -> opened.read(buffer, -1).get());
          seen.fails(illegal, "read-only", () -> opened.read(buffer.asReadOnlyBuffer(), 0).get());
          Handler<Integer> handler = new Handler<>();
          seen.fails(
              illegal, "handler", () -> opened.read(buffer.asReadOnlyBuffer(), 0, null, handler));
          seen.is("calls", 0, handler.calls());
          seen.buffer("buffer", buffer);
        });
    channel.add(
        "If this channel was not opened for reading",
        (side, seen) -> {
          AsynchronousFileChannel opened = AsynchronousOpening.open(side, CREATE, WRITE);
          seen.fails(
              NonReadableChannelException.class,
              "read",
              () -> opened.read(ByteBuffer.allocate(1), 0).get());
        });
    channel.add(
        "If the given file position is greater than the file's size at the time that the read is"
            + " attempted then no bytes are read.",
        (side, seen) -> {
          AsynchronousFileChannel opened = AsynchronousOpening.open(side);
          // Readers beside a writer see written bytes, or the end.
          List<Future<Integer>> writes = new ArrayList<>();
          byte[] bytes = new byte[8192];
          Arrays.fill(bytes, (byte) 7);
          for (int i = 0; i < 40; i++) {
            writes.add(opened.write(ByteBuffer.wrap(bytes), i * 8192L));
          }
          boolean clean = true;
          for (int i = 0; i < 40; i++) {
            ByteBuffer read = ByteBuffer.allocate(8192);
            int count = opened.read(read, i * 8192L).get();
            for (int at = 0; at < count; at++) {
              clean &= read.get(at) == 7 || read.get(at) == 0;
            }
          }
          for (Future<Integer> write : writes) {
            seen.is("written", 8192, write.get());
          }
          seen.holds("clean", clean);
          seen.is("size", 40 * 8192, opened.size());
        });
  }
}
