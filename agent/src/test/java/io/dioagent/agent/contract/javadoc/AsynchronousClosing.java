package io.dioagent.agent.contract.javadoc;

import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import io.dioagent.agent.contract.Bytes;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousChannel;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/** Asynchronous channels that are closed, or interrupted, which has no effect on them. */
final class AsynchronousClosing {
  private AsynchronousClosing() {}

  static void addTo(Cases cases) {
    Cases.Of any = cases.of(AsynchronousChannel.class);
    closed(any);
    cases
        .of(AsynchronousFileChannel.class)
        .add(
            "Channels of this type are safe for use by multiple concurrent threads.",
            (side, seen) -> {
              side.fill(5000);
              AsynchronousFileChannel opened = AsynchronousOpening.open(side, READ, WRITE);
              Handler<Integer> handler = new Handler<>();
              Thread.currentThread().interrupt(); // Interrupts the wait, not the operation.
              opened.write(ByteBuffer.wrap(Bytes.of(1, 5000)), 0, null, handler);
              Future<Integer> future = opened.write(ByteBuffer.wrap(Bytes.of(2, 5000)), 5000);
              Object waited;
              try {
                waited = future.get();
              } catch (InterruptedException e) {
                waited = "interrupted";
              }
              seen.isOneOf("waited", waited, 5000, "interrupted"); // Done by then, or not.
              boolean unused = Thread.interrupted();
              seen.is("written", 5000, handler.await().result());
              seen.is("written", 5000, future.get());
              seen.holds("open", opened.isOpen());
              opened.force(true);
              Thread.currentThread().interrupt();
              seen.outcome("size", () -> opened.size() >= 5000);
              seen.outcome("force", () -> opened.force(false));
              seen.holds("interrupted", Thread.interrupted());
              seen.holds("open", opened.isOpen());
            });
  }

  private static void closed(Cases.Of any) {
    any.add(
        "After a channel is closed, further attempts to initiate asynchronous I/O operations"
            + " complete immediately with cause ClosedChannelException.",
        (side, seen) -> {
          AsynchronousFileChannel opened = AsynchronousOpening.open(side);
          seen.is("written", 5000, opened.write(ByteBuffer.allocate(5000), 0).get());
          opened.close();
          opened.close();
          ByteBuffer buffer = ByteBuffer.allocate(10);
          seen.fails(ExecutionException.class, "write", () -> opened.write(buffer, 0).get());
          seen.fails(ExecutionException.class, "read", () -> opened.read(buffer, 0).get());
          for (boolean write : new boolean[] {true, false}) {
            Handler<Integer> handler = new Handler<>();
            if (write) {
              opened.write(buffer, 0, "attached", handler);
            } else {
              opened.read(buffer, 0, "attached", handler);
            }
            seen.is("failure", "ClosedChannelException", handler.await().failure());
            seen.is("attachment", "attached", handler.attachment());
          }
          seen.outcome("nothing", () -> opened.write(ByteBuffer.allocate(0), 0).get());
          seen.fails(ClosedChannelException.class, "size", () -> opened.size());
          seen.fails(ClosedChannelException.class, "truncate", () -> opened.truncate(0));
          seen.fails(ClosedChannelException.class, "force", () -> opened.force(true));
          seen.buffer("buffer", buffer);
          seen.is("open", false, opened.isOpen());
        });
    any.add(
        "If an I/O operation is outstanding on the channel and the channel's close method is"
            + " invoked, then the I/O operation fails with the exception"
            + " AsynchronousCloseException.",
        AsynchronousClosing::outstanding);
  }

  /**
   * Each write ends once, with its bytes or with that exception; the file has the bytes of writes
   * that succeeded.
   */
  private static void outstanding(Side side, Seen seen) throws Exception {
    for (int round = 0; round < 10; round++) {
      AsynchronousFileChannel opened = AsynchronousOpening.open(side);
      List<Handler<Integer>> handlers = new ArrayList<>();
      int length = round % 2 == 0 ? 4096 : 30_001;
      for (int i = 0; i < 60; i++) {
        Handler<Integer> handler = new Handler<>();
        opened.write(ByteBuffer.wrap(Bytes.of(i, length)), (long) i * length, i, handler);
        handlers.add(handler);
      }
      opened.close();
      byte[] content = Files.readAllBytes(side.file());
      int rightly = 0;
      for (int i = 0; i < handlers.size(); i++) {
        Handler<Integer> handler = handlers.get(i).await();
        boolean written =
            handler.failure().equals("none")
                && handler.result() == length
                && content.length >= (i + 1) * length
                && Arrays.equals(
                    content, i * length, (i + 1) * length, Bytes.of(i, length), 0, length);
        boolean closed =
            handler.failure().equals("AsynchronousCloseException")
                || handler.failure().equals("ClosedChannelException");
        rightly += (written || closed) && handler.calls() == 1 ? 1 : 0;
        seen.is("attachment", i, handler.attachment());
      }
      seen.is("ended rightly", handlers.size(), rightly);
      Files.delete(side.file());
    }
  }
}
