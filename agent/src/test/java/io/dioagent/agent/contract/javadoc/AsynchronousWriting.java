package io.dioagent.agent.contract.javadoc;

import static io.dioagent.agent.contract.javadoc.Lengths.UNALIGNED;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import io.dioagent.agent.contract.BufferKind;
import io.dioagent.agent.contract.Bytes;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousByteChannel;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.CompletionHandler;
import java.nio.channels.FileChannel;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Asynchronous writes, with a future and with a handler. */
final class AsynchronousWriting {
  private AsynchronousWriting() {}

  static void addTo(Cases cases) {
    Cases.Of channel = cases.of(AsynchronousFileChannel.class);
    one(channel, cases.of(AsynchronousByteChannel.class));
    handlers(channel, cases.of(CompletionHandler.class));
    many(channel);
    shared(channel);
    sizes(channel);
    arguments(channel);
    cases
        .of(Future.class)
        .add("Waits if necessary for the computation to complete", AsynchronousWriting::waited);
  }

  private static void one(Cases.Of channel, Cases.Of bytes) {
    channel.add(
        "except that bytes are written starting at the given file position.",
        (side, seen) -> {
          byte[] expected = side.fill(UNALIGNED);
          AsynchronousFileChannel opened = AsynchronousOpening.open(side, READ, WRITE);
          for (int position : new int[] {0, 511, 4096, UNALIGNED}) {
            for (int length : Lengths.ALL) {
              byte[] written = Bytes.of(position + length, length);
              seen.is("written", length, opened.write(ByteBuffer.wrap(written), position).get());
              expected = Lengths.overwritten(expected, position, written);
            }
          }
          seen.content("content", expected, side.file());
        });
    bytes.add(
        "Upon completion the buffer's position will be equal to p + n; its limit will not have"
            + " changed.",
        (side, seen) -> {
          AsynchronousFileChannel opened = AsynchronousOpening.open(side);
          for (BufferKind kind : BufferKind.values()) {
            for (int length : Lengths.ALL) {
              ByteBuffer buffer = kind.holding(Bytes.of(length, length));
              seen.is("written", length, opened.write(buffer, 0).get());
              seen.is("remaining", 0, buffer.remaining());
              seen.buffer("buffer", buffer);
              ByteBuffer handled = kind.holding(Bytes.of(length, length));
              Handler<Integer> written = new Handler<>();
              opened.write(handled, length, kind, written);
              seen.is("written", length, written.await().result());
              seen.buffer("buffer", handled);
            }
          }
        });
    bytes.add(
        "Where r is 0, the write operation completes immediately with a result of 0 without"
            + " initiating an I/O operation.",
        (side, seen) -> {
          AsynchronousFileChannel opened = AsynchronousOpening.open(side);
          Future<Integer> future = opened.write(ByteBuffer.allocate(0), 1 << 20);
          seen.holds("done", future.isDone());
          seen.is("written", 0, future.get());
          Handler<Integer> written = new Handler<>();
          opened.write(ByteBuffer.allocateDirect(0), 1 << 20, "attached", written);
          seen.is("written", 0, written.await().result());
          seen.is("attachment", "attached", written.attachment());
          seen.is("size", 0, opened.size());
        });
  }

  private static void handlers(Cases.Of channel, Cases.Of handler) {
    handler.add(
        "The completed method is invoked when the I/O operation completes successfully.",
        (side, seen) -> {
          AsynchronousFileChannel opened = AsynchronousOpening.open(side);
          List<Handler<Integer>> handlers = new ArrayList<>();
          for (int i = 0; i < 100; i++) {
            Handler<Integer> written = new Handler<>();
            opened.write(ByteBuffer.wrap(Bytes.of(i, 5000)), i * 5000L, i, written);
            handlers.add(written);
          }
          byte[] expected = new byte[0];
          for (int i = 0; i < 100; i++) {
            seen.is("written", 5000, handlers.get(i).await().result());
            seen.is("attachment", i, handlers.get(i).attachment());
            expected = Lengths.joined(expected, Bytes.of(i, 5000));
          }
          opened.close();
          for (Handler<Integer> written : handlers) {
            seen.is("calls", 1, written.calls());
            seen.is("failure", "none", written.failure());
          }
          seen.content("content", expected, side.file());
        });
    channel.add(
        "The object to attach to the I/O operation; can be null",
        (side, seen) -> {
          AsynchronousFileChannel opened = AsynchronousOpening.open(side);
          Handler<Integer> written = new Handler<>();
          opened.write(ByteBuffer.wrap(Bytes.of(1, 4096)), 0, null, written);
          seen.is("attachment", null, written.await().attachment());
          seen.is("written", 4096, written.result());
        });
    // A handler that writes on, as servers do.
    handler.add(
        "A handler for consuming the result of an asynchronous I/O operation.",
        (side, seen) -> {
          AsynchronousFileChannel opened = AsynchronousOpening.open(side);
          Handler<Integer> last = new Handler<>();
          new Chain(opened, 60, last).write();
          seen.is("written", Chain.LENGTH_BYTES, last.await().result());
          seen.is("size", 60 * Chain.LENGTH_BYTES, opened.size());
        });
  }

  /** Writes one piece after the other, each from the handler of the one before. */
  private static final class Chain implements CompletionHandler<Integer, Object> {
    static final int LENGTH_BYTES = 3000;

    private final AsynchronousFileChannel channel;
    private final int pieces;
    private final Handler<Integer> last;
    private int piece;

    Chain(AsynchronousFileChannel channel, int pieces, Handler<Integer> last) {
      this.channel = channel;
      this.pieces = pieces;
      this.last = last;
    }

    void write() {
      ByteBuffer buffer = ByteBuffer.wrap(Bytes.of(piece, LENGTH_BYTES));
      channel.write(buffer, (long) piece * LENGTH_BYTES, null, this);
    }

    @Override
    public void completed(Integer result, Object attachment) {
      piece++;
      if (piece == pieces) {
        last.completed(result, attachment);
      } else {
        write();
      }
    }

    @Override
    public void failed(Throwable thrown, Object attachment) {
      last.failed(thrown, attachment);
    }
  }

  private static void many(Cases.Of channel) {
    channel.add(
        "Multiple read and write operations may be outstanding at the same time.",
        (side, seen) -> {
          byte[] before = side.fill(1 << 20);
          AsynchronousFileChannel opened = AsynchronousOpening.open(side, READ, WRITE);
          List<Future<Integer>> writes = new ArrayList<>();
          List<Future<Integer>> reads = new ArrayList<>();
          for (int i = 0; i < 64; i++) {
            writes.add(opened.write(ByteBuffer.wrap(Bytes.of(i, 16_000)), i * 16_384L));
            reads.add(opened.read(ByteBuffer.allocate(384), i * 16_384L + 16_000));
          }
          byte[] expected = before;
          for (int i = 0; i < 64; i++) {
            seen.is("written", 16_000, writes.get(i).get());
            seen.is("read", 384, reads.get(i).get());
            expected = Lengths.overwritten(expected, i * 16_384, Bytes.of(i, 16_000));
          }
          seen.content("content", expected, side.file());
        });
    channel.add(
        "they are not, in particular, guaranteed to execute in the order that the operations were"
            + " initiated.",
        (side, seen) -> {
          side.fill(100_000);
          AsynchronousFileChannel opened = AsynchronousOpening.open(side, READ, WRITE);
          List<Future<Integer>> writes = new ArrayList<>();
          for (int i = 1; i <= 30; i++) {
            byte[] bytes = new byte[20_000];
            Arrays.fill(bytes, (byte) i);
            writes.add(opened.write(ByteBuffer.wrap(bytes), 1000));
          }
          for (Future<Integer> write : writes) {
            seen.is("written", 20_000, write.get());
          }
          byte[] content = Files.readAllBytes(side.file());
          boolean ofSome = true;
          for (int i = 1000; i < 21_000; i++) {
            ofSome &= content[i] >= 1 && content[i] <= 30;
          }
          seen.holds("each byte is one of those written", ofSome);
          Files.delete(side.file());
        });
  }

  private static void shared(Cases.Of channel) {
    channel.add(
        "Channels of this type are safe for use by multiple concurrent threads.",
        (side, seen) -> {
          AsynchronousFileChannel opened = AsynchronousOpening.open(side);
          List<Blocked> threads = new ArrayList<>();
          for (int i = 0; i < 4; i++) {
            int thread = i;
            threads.add(
                Blocked.in(
                    () -> {
                      int written = 0;
                      for (int time = 0; time < 50; time++) {
                        long at = (time * 4 + thread) * 3000L;
                        ByteBuffer buffer = ByteBuffer.wrap(Bytes.of(thread, 3000));
                        written += opened.write(buffer, at).get();
                      }
                      return written;
                    }));
          }
          for (Blocked thread : threads) {
            seen.is("written", "150000", thread.outcome());
          }
          seen.is("size", 600_000, opened.size());
        });
    channel.add(
        "the view of a file provided by an instance of this class is guaranteed to be consistent"
            + " with other views of the same file provided by other instances in the same program.",
        (side, seen) -> {
          AsynchronousFileChannel opened = AsynchronousOpening.open(side);
          FileChannel channelOfIt = side.open(READ, WRITE);
          byte[] expected = new byte[0];
          for (int length : Lengths.ALL) {
            byte[] bytes = Bytes.of(length, length);
            int at = expected.length;
            seen.is("written", length, opened.write(ByteBuffer.wrap(bytes), at).get());
            seen.is("size", at + length, channelOfIt.size());
            ByteBuffer read = ByteBuffer.allocate(length);
            seen.is("read", length, channelOfIt.read(read, at));
            seen.content("content", bytes, read.array());
            byte[] more = Bytes.of(-length, 333);
            seen.is("written", 333, channelOfIt.write(ByteBuffer.wrap(more), at + length));
            ByteBuffer back = ByteBuffer.allocate(333);
            seen.is("read", 333, opened.read(back, at + length).get());
            seen.content("content", more, back.array());
            expected = Lengths.joined(expected, Lengths.joined(bytes, more));
            seen.is("size", expected.length, opened.size());
            seen.is("size of the file", expected.length, Files.size(side.file()));
          }
          seen.content("content", expected, side.file());
        });
  }

  private static void sizes(Cases.Of channel) {
    channel.add(
        "If the given position is greater than the file's size, at the time that the write is"
            + " attempted, then the file will be grown to accommodate the new bytes; the values of"
            + " any bytes between the previous end-of-file and the newly-written bytes are"
            + " unspecified.",
        (side, seen) -> {
          AsynchronousFileChannel opened = AsynchronousOpening.open(side);
          int end = 0;
          for (int gap : new int[] {1, 4096, 100_000}) {
            for (int length : new int[] {10, 4096, UNALIGNED}) {
              ByteBuffer buffer = ByteBuffer.wrap(Bytes.of(length, length));
              seen.is("written", length, opened.write(buffer, end + gap).get());
              end += gap + length;
              seen.is("size", end, opened.size());
            }
          }
        });
    channel.add(
        "If the given size is less than the file's current size then the file is truncated,"
            + " discarding any bytes beyond the new end of the file.",
        (side, seen) -> {
          AsynchronousFileChannel opened = AsynchronousOpening.open(side);
          byte[] bytes = Bytes.of(1, UNALIGNED);
          seen.is("written", UNALIGNED, opened.write(ByteBuffer.wrap(bytes), 0).get());
          seen.holds("answers itself", opened.truncate(5000) == opened);
          seen.is("size", 5000, opened.size());
          opened.truncate(6000);
          seen.is("size", 5000, opened.size());
          seen.fails(IllegalArgumentException.class, "negative", () -> opened.truncate(-1));
          seen.content("content", Arrays.copyOf(bytes, 5000), side.file());
        });
    channel.add(
        "Forces any updates to this channel's file to be written to the storage device that"
            + " contains it.",
        (side, seen) -> {
          AsynchronousFileChannel opened = AsynchronousOpening.open(side);
          opened.force(true);
          for (int length : Lengths.ALL) {
            seen.is("written", length, opened.write(ByteBuffer.allocate(length), 3).get());
            opened.force(length % 2 == 0);
          }
          seen.is("size", (3 << 20) + 3, opened.size());
        });
  }

  private static void arguments(Cases.Of channel) {
    channel.add(
        "If the position is negative",
        (side, seen) -> {
          AsynchronousFileChannel opened = AsynchronousOpening.open(side);
          ByteBuffer buffer = ByteBuffer.allocate(10);
          Handler<Integer> handler = new Handler<>();
          Class<IllegalArgumentException> illegal = IllegalArgumentException.class;
          seen.fails(illegal, "future", () -> opened.write(buffer, -1).get());
          seen.fails(illegal, "handler", () -> opened.write(buffer, -1, null, handler));
          seen.fails(NullPointerException.class, "null", () -> opened.write(null, 0).get());
          seen.fails(
              NullPointerException.class, "no handler", () -> opened.write(buffer, 0, null, null));
          seen.buffer("buffer", buffer);
          seen.is("calls", 0, handler.calls());
          seen.is("size", 0, opened.size());
        });
    channel.add(
        "If this channel was not opened for writing",
        (side, seen) -> {
          side.fill(5000);
          AsynchronousFileChannel opened = AsynchronousOpening.open(side, READ);
          ByteBuffer buffer = ByteBuffer.allocate(10);
          Handler<Integer> handler = new Handler<>();
          Class<NonWritableChannelException> not = NonWritableChannelException.class;
          seen.fails(not, "future", () -> opened.write(buffer, 0).get());
          seen.fails(not, "handler", () -> opened.write(buffer, 0, null, handler));
          seen.fails(not, "truncate", () -> opened.truncate(0));
          seen.outcome("force", () -> opened.force(true));
          seen.is("calls", 0, handler.calls());
          seen.buffer("buffer", buffer);
        });
    channel.add(
        "The file position at which the transfer is to begin; must be non-negative",
        (side, seen) -> {
          AsynchronousFileChannel opened = AsynchronousOpening.open(side);
          ByteBuffer buffer = ByteBuffer.allocate(4096);
          seen.fails(
              ExecutionException.class, "far", () -> opened.write(buffer, Long.MAX_VALUE).get());
          Handler<Integer> handler = new Handler<>();
          opened.write(buffer, 1L << 62, "attached", handler);
          seen.is("failure", "IOException", handler.await().failure());
          seen.is("attachment", "attached", handler.attachment());
          seen.buffer("buffer", buffer);
          seen.is("size", 0, opened.size());
        });
  }

  private static void waited(Side side, Seen seen) throws Exception {
    AsynchronousFileChannel opened = AsynchronousOpening.open(side);
    Future<Integer> future = opened.write(ByteBuffer.wrap(Bytes.of(1, UNALIGNED)), 0);
    seen.is("written", UNALIGNED, future.get(30, TimeUnit.SECONDS));
    seen.is("again", UNALIGNED, future.get());
    seen.holds("done", future.isDone());
    seen.is("cancelled", false, future.isCancelled());
    seen.is("cancel", false, future.cancel(true));
    seen.holds("open", opened.isOpen());
    // Cancelled in time or not: it is one of both, and the file is whole.
    int whole = 0;
    for (int i = 0; i < 30; i++) {
      Future<Integer> other = opened.write(ByteBuffer.wrap(Bytes.of(i, 4096)), i * 4096L);
      boolean cancelled = other.cancel(false);
      String outcome;
      try {
        outcome = String.valueOf(other.get());
      } catch (CancellationException e) {
        outcome = "cancelled";
      }
      whole += outcome.equals(cancelled ? "cancelled" : "4096") ? 1 : 0;
    }
    seen.is("one of both", 30, whole);
    seen.holds("open", opened.isOpen());
    seen.is("written", 10, opened.write(ByteBuffer.allocate(10), 0).get());
    opened.close();
    Files.delete(side.file());
  }
}
