package io.dioagent.agent.contract.javadoc;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import io.dioagent.agent.contract.Bytes;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileLock;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.OverlappingFileLockException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/** Locks of an {@link AsynchronousFileChannel}. */
final class AsynchronousLocks {
  private AsynchronousLocks() {}

  static void addTo(Cases cases) {
    Cases.Of channel = cases.of(AsynchronousFileChannel.class);
    acquired(channel);
    overlapping(channel);
    failing(channel);
  }

  private static void acquired(Cases.Of channel) {
    channel.add(
        "The result passed to the completion handler is the resulting FileLock.",
        (side, seen) -> {
          AsynchronousFileChannel opened = AsynchronousOpening.open(side);
          Handler<FileLock> handler = new Handler<>();
          opened.lock(10, 20, false, "attached", handler);
          FileLock lock = handler.await().result();
          seen.value("lock", lock.position() + " " + lock.size() + " " + lock.isShared());
          seen.holds("acquired by", lock.acquiredBy() == opened);
          seen.is("attachment", "attached", handler.attachment());
          seen.is("written", 4096, opened.write(ByteBuffer.wrap(Bytes.of(1, 4096)), 0).get());
          seen.holds("valid", lock.isValid());
          lock.release();
          seen.is("valid", false, lock.isValid());
        });
    channel.add(
        "get method returns the FileLock on successful completion.",
        (side, seen) -> {
          AsynchronousFileChannel opened = AsynchronousOpening.open(side);
          FileLock lock = opened.lock().get();
          for (int length : Lengths.ALL) {
            ByteBuffer buffer = ByteBuffer.wrap(Bytes.of(1, length));
            seen.is("written", length, opened.write(buffer, 0).get());
            opened.force(false);
            seen.is("other's", false, side.other().canLock(side.file()));
          }
          lock.release();
          seen.is("other's", true, side.other().canLock(side.file()));
          FileLock again = opened.lock(0, 10, true).get();
          seen.holds("shared", again.isShared());
          opened.close();
          seen.is("valid", false, again.isValid());
          seen.is("other's", true, side.other().canLock(side.file()));
        });
  }

  private static void overlapping(Cases.Of channel) {
    channel.add(
        "If a lock that overlaps the requested region is already held by this Java virtual machine,"
            + " or this method has been invoked to lock an overlapping region and that operation"
            + " has not completed, then this method throws OverlappingFileLockException.",
        (side, seen) -> {
          AsynchronousFileChannel opened = AsynchronousOpening.open(side);
          FileLock held = opened.lock().get();
          seen.holds("valid", held.isValid());
          Class<OverlappingFileLockException> overlapping = OverlappingFileLockException.class;
          Handler<FileLock> handler = new Handler<>();
          seen.fails(overlapping, "future", () -> opened.lock(0, 10, false).get());
          seen.fails(overlapping, "handler", () -> opened.lock(0, 10, false, null, handler));
          seen.fails(overlapping, "try", () -> opened.tryLock());
          seen.fails(overlapping, "channel", () -> side.open(READ, WRITE).tryLock());
          seen.is("calls", 0, handler.calls());
        });
    channel.add(
        "This method does not block. An invocation always returns immediately, either having"
            + " acquired a lock on the requested region or having failed to do so.",
        (side, seen) -> {
          AsynchronousFileChannel opened = AsynchronousOpening.open(side);
          side.other().lock(side.file());
          try {
            seen.is("lock", null, opened.tryLock());
            Future<FileLock> pending = opened.lock();
            seen.fails(OverlappingFileLockException.class, "again", () -> opened.lock().get());
            seen.is("written", 4096, opened.write(ByteBuffer.wrap(Bytes.of(1, 4096)), 0).get());
            seen.is("done", false, pending.isDone());
            side.other().unlock();
            seen.holds("lock", pending.get().isValid());
          } catch (Exception e) {
            side.other().unlock();
            throw e;
          }
        });
  }

  private static void failing(Cases.Of channel) {
    channel.add(
        "If shared is false but this channel was not opened for writing",
        (side, seen) -> {
          side.fill(10);
          AsynchronousFileChannel reading = AsynchronousOpening.open(side, READ);
          AsynchronousFileChannel writing = AsynchronousOpening.open(side, CREATE, WRITE);
          seen.fails(NonWritableChannelException.class, "lock", () -> reading.lock().get());
          seen.fails(NonWritableChannelException.class, "try", () -> reading.tryLock());
          seen.fails(
              NonReadableChannelException.class, "lock", () -> writing.lock(0, 1, true).get());
          seen.fails(
              IllegalArgumentException.class, "negative", () -> writing.lock(-1, 10, false).get());
        });
    channel.add(
        "A lock object representing the newly-acquired lock",
        (side, seen) -> {
          AsynchronousFileChannel opened = AsynchronousOpening.open(side);
          opened.close();
          seen.fails(ClosedChannelException.class, "try", () -> opened.tryLock());
          seen.fails(ExecutionException.class, "lock", () -> opened.lock().get());
        });
    channel.add(
        "This causes all outstanding asynchronous operations on the channel to complete with the"
            + " exception AsynchronousCloseException.",
        (side, seen) -> {
          AsynchronousFileChannel opened = AsynchronousOpening.open(side);
          side.other().lock(side.file());
          try {
            Handler<FileLock> handler = new Handler<>();
            opened.lock("attached", handler);
            seen.is("written", 4096, opened.write(ByteBuffer.wrap(Bytes.of(1, 4096)), 0).get());
            opened.close();
            seen.is("failure", "AsynchronousCloseException", handler.await().failure());
            seen.is("attachment", "attached", handler.attachment());
            seen.is("calls", 1, handler.calls());
          } finally {
            side.other().unlock();
          }
        });
  }
}
