package io.dioagent.agent.apps;

import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Asynchronous writes that are refused, have nothing to do, or are cancelled. */
final class AsyncRefusals {
  private final AsyncFile file;

  AsyncRefusals(AsyncFile file) {
    this.file = file;
  }

  String readOnly() throws Exception {
    AsyncCalls calls = new AsyncCalls(0);
    try (AsynchronousFileChannel channel = file.open(StandardOpenOption.READ)) {
      try {
        channel.write(ByteBuffer.allocate(AsyncFile.BLOCK), 0, 0, calls);
        return "accepted";
      } catch (NonWritableChannelException e) {
        return "refused " + calls.await();
      }
    }
  }

  String nothing() throws Exception {
    AsyncCalls calls = new AsyncCalls(1);
    try (AsynchronousFileChannel channel = file.open()) {
      channel.write(ByteBuffer.allocate(0), 0, 7, calls);
      return channel.write(ByteBuffer.allocate(0), 99).get() + " " + calls.await();
    }
  }

  String negative() throws Exception {
    AsyncCalls calls = new AsyncCalls(0);
    try (AsynchronousFileChannel channel = file.open()) {
      try {
        channel.write(ByteBuffer.allocate(1), -1, 0, calls);
        return "accepted";
      } catch (IllegalArgumentException e) {
        return "refused " + calls.await();
      }
    }
  }

  String closed() throws Exception {
    AsynchronousFileChannel channel = file.open();
    Future<Integer> before = channel.write(ByteBuffer.allocate(AsyncFile.BLOCK), 0);
    channel.close();
    AsyncCalls calls = new AsyncCalls(1);
    channel.write(ByteBuffer.allocate(AsyncFile.BLOCK), 0, 5, calls);
    String said;
    try {
      said = "written " + channel.write(ByteBuffer.allocate(AsyncFile.BLOCK), 0).get();
    } catch (ExecutionException e) {
      said = e.getCause() instanceof ClosedChannelException ? "closed" : e.toString();
    }
    // Written while it was open, or refused as it closed: whichever came first.
    String earlier;
    try {
      earlier = String.valueOf(before.get() == AsyncFile.BLOCK);
    } catch (ExecutionException e) {
      earlier = String.valueOf(e.getCause() instanceof ClosedChannelException);
    }
    return earlier + " " + said + " " + calls.await();
  }

  String cancelled(boolean interrupt) throws Exception {
    try (AsynchronousFileChannel channel = file.open()) {
      ByteBuffer source = ByteBuffer.wrap(AsyncFile.bytes(AsyncFile.BLOCK, 5));
      Future<Integer> future = channel.write(source, 0);
      boolean cancelled = future.cancel(interrupt);
      boolean consistent;
      try {
        consistent = future.get() == AsyncFile.BLOCK && !cancelled;
      } catch (CancellationException e) {
        consistent = cancelled;
      }
      // The cancel may come in time or too late; either result must be consistent.
      boolean right =
          consistent
              && future.isDone()
              && future.isCancelled() == cancelled
              && channel.isOpen() == !(interrupt && cancelled)
              && !future.cancel(true);
      return String.valueOf(right);
    }
  }

  /** A buffer of an arena that is closed, and of another thread's (JDK 22 and later). */
  String arena() throws Exception {
    Class<?> type = Class.forName("java.lang.foreign.Arena");
    StringBuilder said = new StringBuilder();
    for (String kind : new String[] {"ofShared", "ofConfined"}) {
      AutoCloseable arena = (AutoCloseable) type.getMethod(kind).invoke(null);
      Object segment = type.getMethod("allocate", long.class).invoke(arena, (long) AsyncFile.BLOCK);
      ByteBuffer buffer =
          (ByteBuffer)
              Class.forName("java.lang.foreign.MemorySegment")
                  .getMethod("asByteBuffer")
                  .invoke(segment);
      try (AsynchronousFileChannel channel = file.open()) {
        if (kind.equals("ofShared")) {
          said.append(channel.write(buffer, 0).get()).append(", ");
          buffer.clear();
          arena.close();
        }
        Future<Integer> future = channel.write(buffer, 0);
        try {
          int written = future.get(30, TimeUnit.SECONDS);
          said.append(kind).append(" written ").append(written);
        } catch (ExecutionException e) {
          said.append(kind).append(' ').append(e.getCause().getMessage()).append(", ");
        }
      }
    }
    return said.toString();
  }
}
