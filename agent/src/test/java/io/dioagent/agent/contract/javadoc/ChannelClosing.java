package io.dioagent.agent.contract.javadoc;

import static io.dioagent.agent.contract.javadoc.Lengths.UNALIGNED;
import static io.dioagent.agent.contract.javadoc.Lengths.createReadWrite;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import io.dioagent.agent.contract.Bytes;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.InterruptibleChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** Channels that are closed, before or during an operation. */
final class ChannelClosing {
  private ChannelClosing() {}

  static void addTo(Cases cases) {
    closed(cases.of(Channel.class), cases.of(FileChannel.class));
    interruptedBefore(cases.of(InterruptibleChannel.class));
    during(cases.of(InterruptibleChannel.class), cases.of(FileChannel.class));
  }

  /** All that can be done with a channel that is open for reading and writing. */
  private static Map<String, Seen.Call> operations(FileChannel channel, ByteBuffer buffer) {
    Map<String, Seen.Call> operations = new LinkedHashMap<>();
    operations.put("write", () -> channel.write(buffer));
    operations.put("write at", () -> channel.write(buffer, 10));
    operations.put("gather", () -> channel.write(new ByteBuffer[] {buffer, buffer}));
    operations.put("write nothing", () -> channel.write(ByteBuffer.allocate(0)));
    operations.put("read", () -> channel.read(buffer));
    operations.put("read at", () -> channel.read(buffer, 10));
    operations.put("scatter", () -> channel.read(new ByteBuffer[] {buffer}));
    operations.put("position", channel::position);
    operations.put("set position", () -> channel.position(5));
    operations.put("size", channel::size);
    operations.put("truncate", () -> channel.truncate(5));
    operations.put(
        "force",
        () -> {
          channel.force(true);
          return "done";
        });
    operations.put("lock", channel::lock);
    operations.put("try to lock", channel::tryLock);
    operations.put("map", () -> channel.map(FileChannel.MapMode.READ_WRITE, 0, 10));
    operations.put("write null", () -> channel.write((ByteBuffer) null));
    operations.put("write at -1", () -> channel.write(buffer, -1));
    operations.put("truncate -1", () -> channel.truncate(-1));
    return operations;
  }

  private static void closed(Cases.Of any, Cases.Of channel) {
    any.add(
        "Once a channel is closed, any attempt to invoke an I/O operation upon it will cause a"
            + " ClosedChannelException to be thrown.",
        (side, seen) -> {
          FileChannel opened = side.open(createReadWrite());
          seen.is("written", UNALIGNED, opened.write(ByteBuffer.allocate(UNALIGNED)));
          opened.close();
          ByteBuffer buffer = ByteBuffer.allocate(4096);
          operations(opened, buffer)
              .forEach(
                  (name, call) -> {
                    if (name.contains("null") || name.contains("-1")) {
                      seen.outcome(name, call);
                    } else {
                      seen.fails(ClosedChannelException.class, name, call);
                    }
                    seen.buffer(name, buffer);
                  });
          seen.is("open", false, opened.isOpen());
        });
    any.add(
        "If this channel is already closed then invoking this method has no effect.",
        (side, seen) -> {
          FileChannel opened = side.open(createReadWrite());
          byte[] bytes = Bytes.of(1, UNALIGNED);
          seen.is("written", UNALIGNED, opened.write(ByteBuffer.wrap(bytes)));
          opened.close();
          FileChannel other = side.open(READ, WRITE); // With the same descriptor's number.
          opened.close();
          seen.is("written", 4096, other.write(ByteBuffer.wrap(bytes, 0, 4096), 4096));
          opened.close();
          seen.is("size", UNALIGNED, other.size());
        });
    channel.add(
        "If this channel is closed",
        (side, seen) -> {
          RandomAccessFile file = side.random("rw");
          FileChannel opened = file.getChannel();
          seen.is("written", UNALIGNED, opened.write(ByteBuffer.allocate(UNALIGNED)));
          file.close();
          seen.is("open", false, opened.isOpen());
          seen.fails(
              ClosedChannelException.class, "write", () -> opened.write(ByteBuffer.allocate(1)));
          RandomAccessFile second = side.random("rw");
          second.getChannel().close();
          seen.fails(IOException.class, "write", () -> second.write(1));
        });
  }

  private static void interruptedBefore(Cases.Of interruptible) {
    interruptible.add(
        "If a thread's interrupt status is already set and it invokes a blocking I/O operation upon"
            + " a channel then the channel will be closed and the thread will immediately receive a"
            + " ClosedByInterruptException; its interrupt status will remain set.",
        (side, seen) -> {
          byte[] before = side.fill(5000);
          ByteBuffer buffer = ByteBuffer.allocate(4096);
          for (String name :
              new String[] {"write", "write at", "gather", "read", "read at", "scatter"}) {
            FileChannel opened = side.open(READ, WRITE);
            Thread.currentThread().interrupt();
            seen.fails(
                ClosedByInterruptException.class, name, operations(opened, buffer).get(name));
            seen.holds("interrupted", Thread.interrupted());
            seen.is("open", false, opened.isOpen());
            seen.value("buffer", buffer.position() > 0 ? "moved" : "not moved");
            buffer.clear();
          }
          seen.value("content", before.length);
        });
    interruptible.add(
        "This will cause the channel to be closed, the blocked thread to receive a"
            + " ClosedByInterruptException, and the blocked thread's interrupt status to be set.",
        (side, seen) -> {
          side.fill(5000);
          ByteBuffer buffer = ByteBuffer.allocate(100);
          FileChannel first = side.open(READ, WRITE);
          for (String name : operations(first, buffer).keySet()) {
            if (name.equals("map") || name.startsWith("lock") || name.startsWith("try")) {
              continue; // They hold a mapping or a lock; locks have separate cases.
            }
            FileChannel opened = side.open(READ, WRITE);
            Thread.currentThread().interrupt();
            seen.outcome(
                name,
                () -> {
                  Object answer = operations(opened, buffer).get(name).run();
                  return answer instanceof FileChannel ? "itself" : answer;
                });
            seen.holds("interrupted", Thread.interrupted());
            seen.value("open", opened.isOpen());
            buffer.clear();
          }
        });
  }

  private static void during(Cases.Of interruptible, Cases.Of channel) {
    OpenOption[][] modes = {createReadWrite(), {StandardOpenOption.CREATE, APPEND}};
    for (OpenOption[] mode : modes) {
      channel.add(
          "If another thread interrupts the current thread while the write operation is in"
              + " progress, thereby closing the channel and setting the current thread's interrupt"
              + " status",
          (side, seen) -> stopped(side, seen, mode, true));
      interruptible.add(
          "This will cause the blocked thread to receive an AsynchronousCloseException.",
          (side, seen) -> stopped(side, seen, mode, false));
    }
  }

  /** A thread that writes and writes is interrupted, or its channel closed, at any moment. */
  private static void stopped(Side side, Seen seen, OpenOption[] mode, boolean interrupt)
      throws Exception {
    byte[] bytes = Bytes.of(1, 256 << 10);
    for (int round = 0; round < 12; round++) {
      FileChannel opened = side.open(mode);
      long[] written = new long[1];
      int lengthBytes = round % 2 == 0 ? bytes.length : 3000;
      Blocked blocked =
          Blocked.in(
              () -> {
                while (true) {
                  written[0] += opened.write(ByteBuffer.wrap(bytes, 0, lengthBytes));
                }
              });
      while (!blocked.isDone() && opened.size() < 2L * lengthBytes) {
        Thread.onSpinWait();
      }
      if (interrupt) {
        blocked.interrupt();
        seen.is("interrupted", "ClosedByInterruptException, interrupted", blocked.outcome());
      } else {
        opened.close();
        seen.isOneOf(
            "closed", blocked.outcome(), "AsynchronousCloseException", "ClosedChannelException");
      }
      seen.is("open", false, opened.isOpen());
      expectWritten(side, seen, bytes, lengthBytes, written[0]);
    }
  }

  /** The file holds all writes that were reported, and perhaps the write that was not. */
  private static void expectWritten(
      Side side, Seen seen, byte[] bytes, int lengthBytes, long written) throws Exception {
    byte[] content = Files.readAllBytes(side.file());
    seen.holds("reported " + (written > 0), content.length >= written);
    seen.holds("not more than one more", content.length <= written + lengthBytes);
    boolean same = true;
    for (int at = 0; at < content.length; at += lengthBytes) {
      int end = Math.min(content.length, at + lengthBytes);
      same &= Arrays.equals(content, at, end, bytes, 0, end - at);
    }
    seen.holds("as it was written", same);
    Files.delete(side.file());
  }
}
