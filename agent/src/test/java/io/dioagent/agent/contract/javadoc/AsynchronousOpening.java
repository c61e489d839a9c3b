package io.dioagent.agent.contract.javadoc;

import static io.dioagent.agent.contract.javadoc.Lengths.UNALIGNED;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.DELETE_ON_CLOSE;
import static java.nio.file.StandardOpenOption.DSYNC;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.SPARSE;
import static java.nio.file.StandardOpenOption.SYNC;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import io.dioagent.agent.contract.Bytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.util.Set;

/** How an {@link AsynchronousFileChannel} is opened, and which threads run its handlers. */
final class AsynchronousOpening {
  private AsynchronousOpening() {}

  /** Opens the file, until the case ends. */
  static AsynchronousFileChannel open(Side side, OpenOption... options) throws IOException {
    return side.keep(AsynchronousFileChannel.open(side.file(), options));
  }

  /** Opens it for reading and writing, and makes it if it is not there. */
  static AsynchronousFileChannel open(Side side) throws IOException {
    return open(side, CREATE, READ, WRITE);
  }

  static void addTo(Cases cases) {
    Cases.Of channel = cases.of(AsynchronousFileChannel.class);
    options(channel);
    threads(channel);
  }

  private static void options(Cases.Of channel) {
    channel.add(
        "If neither option is contained in the array then an existing file is opened for reading.",
        (side, seen) -> {
          byte[] bytes = side.fill(UNALIGNED);
          AsynchronousFileChannel opened = open(side, new OpenOption[0]);
          ByteBuffer read = ByteBuffer.allocate(UNALIGNED);
          seen.is("read", UNALIGNED, opened.read(read, 0).get());
          seen.content("content", bytes, read.array());
          seen.fails(
              NonWritableChannelException.class,
              "write",
              () -> opened.write(ByteBuffer.allocate(1), 0).get());
        });
    channel.add(
        "When opening an existing file, the file is first truncated to a size of 0 bytes.",
        (side, seen) -> {
          side.fill(UNALIGNED);
          AsynchronousFileChannel opened = open(side, WRITE, TRUNCATE_EXISTING);
          seen.is("size", 0, opened.size());
          seen.is("written", 5000, opened.write(ByteBuffer.wrap(Bytes.of(1, 5000)), 0).get());
        });
    channel.add(
        "If this option is present then a new file is created, failing if the file already exists.",
        (side, seen) -> {
          AsynchronousFileChannel opened = open(side, CREATE_NEW, WRITE, SPARSE);
          seen.is("written", 5000, opened.write(ByteBuffer.wrap(Bytes.of(1, 5000)), 0).get());
          seen.fails(
              FileAlreadyExistsException.class, "again", () -> open(side, CREATE_NEW, WRITE));
        });
    channel.add(
        "attempt to delete the file when closed by the close method.",
        (side, seen) -> {
          AsynchronousFileChannel opened = open(side, CREATE, WRITE, DELETE_ON_CLOSE);
          seen.is("written", 5000, opened.write(ByteBuffer.wrap(Bytes.of(1, 5000)), 0).get());
          opened.close();
          seen.is("there", false, Files.exists(side.file()));
        });
    channel.add(
        "Requires that every update to the file's content be written synchronously to the"
            + " underlying storage device.",
        (side, seen) -> {
          for (OpenOption option : new OpenOption[] {SYNC, DSYNC}) {
            AsynchronousFileChannel opened = open(side, CREATE, WRITE, option);
            for (int length : Lengths.ALL) {
              seen.is("written", length, opened.write(ByteBuffer.allocate(length), 5).get());
            }
            seen.is("size", (3 << 20) + 5, opened.size());
          }
        });
    channel.add(
        "or an unsupported open option is specified",
        (side, seen) ->
            seen.fails(
                UnsupportedOperationException.class, "append", () -> open(side, CREATE, APPEND)));
  }

  private static void threads(Cases.Of channel) {
    channel.add(
        "The completion handler for an I/O operation initiated on a channel is guaranteed to be"
            + " invoked by one of the threads in the thread pool",
        (side, seen) -> {
          Pool pool = side.keep(new Pool(2));
          AsynchronousFileChannel opened =
              side.keep(
                  AsynchronousFileChannel.open(
                      side.file(), Set.of(CREATE, READ, WRITE), pool.executor()));
          for (int length : Lengths.ALL) {
            Handler<Integer> written = new Handler<>();
            opened.write(ByteBuffer.wrap(Bytes.of(1, length)), 0, "attached", written);
            seen.is("written", length, written.await().result());
            seen.holds("by the pool", pool.owns(written.thread()));
            Handler<Integer> read = new Handler<>();
            opened.read(ByteBuffer.allocate(length), 0, "attached", read);
            seen.is("read", length, read.await().result());
            seen.holds("by the pool", pool.owns(read.thread()));
          }
          Handler<Integer> nothing = new Handler<>();
          opened.write(ByteBuffer.allocate(0), 0, null, nothing);
          seen.is("written", 0, nothing.await().result());
          seen.holds("by the pool", pool.owns(nothing.thread()));
        });
    channel.add(
        "created without specifying a thread pool then the channel is associated with a"
            + " system-dependent default thread pool that may be shared with other channels.",
        (side, seen) -> {
          AsynchronousFileChannel opened = open(side);
          Handler<Integer> handler = new Handler<>();
          opened.write(ByteBuffer.wrap(Bytes.of(1, UNALIGNED)), 0, null, handler);
          seen.is("written", UNALIGNED, handler.await().result());
          Thread thread = handler.thread();
          seen.is("own thread", false, thread == Thread.currentThread());
          seen.value("daemon", thread.isDaemon());
          seen.value("group", thread.getThreadGroup() == null ? "" : "some");
          seen.value("loader", thread.getContextClassLoader() == null ? "none" : "some");
        });
  }
}
