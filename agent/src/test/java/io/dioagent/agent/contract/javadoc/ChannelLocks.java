package io.dioagent.agent.contract.javadoc;

import static io.dioagent.agent.contract.javadoc.Lengths.UNALIGNED;
import static io.dioagent.agent.contract.javadoc.Lengths.createReadWrite;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import io.dioagent.agent.contract.Bytes;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.FileLockInterruptionException;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.OverlappingFileLockException;

/** Locks within this program and against another one. */
final class ChannelLocks {
  private ChannelLocks() {}

  static void addTo(Cases cases) {
    Cases.Of channel = cases.of(FileChannel.class);
    Cases.Of lock = cases.of(FileLock.class);
    acquiring(channel, lock);
    overlapping(lock);
    refused(channel);
    waiting(channel);
  }

  private static void acquiring(Cases.Of channel, Cases.Of lock) {
    channel.add(
        "The region specified by the position and size parameters need not be contained within, or"
            + " even overlap, the actual underlying file.",
        (side, seen) -> {
          side.fill(5000);
          FileChannel opened = side.open(READ, WRITE);
          try (FileLock whole = opened.lock()) {
            seen.is("size", Long.MAX_VALUE, whole.size());
          }
          try (FileLock far = opened.lock(1 << 20, 10, true)) {
            seen.is("position", 1 << 20, far.position());
            seen.holds("shared", far.isShared());
            seen.is("written", 100, opened.write(ByteBuffer.allocate(100)));
            seen.holds("valid", far.isValid());
          }
          seen.channel("channel", opened);
        });
    lock.add(
        "It remains valid until the lock is released by invoking the release method, by closing the"
            + " channel that was used to acquire it, or by the termination of the Java virtual"
            + " machine, whichever comes first.",
        (side, seen) -> {
          side.fill(5000);
          FileChannel opened = side.open(READ, WRITE);
          FileLock held = opened.lock();
          for (int length : Lengths.ALL) {
            seen.is("written", length, opened.write(ByteBuffer.wrap(Bytes.of(1, length))));
            opened.force(false);
            seen.is("read", 10, opened.read(ByteBuffer.allocate(10), 0));
            seen.is("other's", false, side.other().canLock(side.file()));
          }
          opened.truncate(UNALIGNED);
          seen.is("other's", false, side.other().canLock(side.file()));
          held.release();
          seen.is("valid", false, held.isValid());
          seen.is("other's", true, side.other().canLock(side.file()));
          FileLock again = opened.lock();
          opened.close();
          seen.is("valid", false, again.isValid());
          seen.is("other's", true, side.other().canLock(side.file()));
        });
  }

  private static void overlapping(Cases.Of lock) {
    lock.add(
        "The locks held on a particular file by a single Java virtual machine do not overlap.",
        (side, seen) -> {
          side.fill(5000);
          FileChannel one = side.open(READ, WRITE);
          FileChannel two = side.open(READ, WRITE);
          FileLock held = one.lock(100, 100, false);
          seen.value("lock", held);
          Class<OverlappingFileLockException> overlapping = OverlappingFileLockException.class;
          seen.fails(overlapping, "same channel", () -> one.lock(150, 100, false));
          seen.fails(overlapping, "other channel", () -> two.lock(150, 100, false));
          seen.fails(overlapping, "tried", () -> two.tryLock());
          seen.fails(overlapping, "shared", () -> two.tryLock(199, 1, true));
          FileLock beside = two.lock(200, 100, false);
          seen.holds("beside", beside.isValid());
          held.release();
          held.release();
          seen.holds("now", two.tryLock(100, 100, false).isValid());
        });
    lock.add(
        "If the channel that was used to acquire this lock is no longer open",
        (side, seen) -> {
          side.fill(5000);
          FileChannel opened = side.open(READ, WRITE);
          FileLock held = opened.lock();
          opened.close();
          seen.fails(ClosedChannelException.class, "release", held::release);
        });
  }

  private static void refused(Cases.Of channel) {
    channel.add(
        "If it fails to acquire a lock because an overlapping lock is held by another program then"
            + " it returns null.",
        (side, seen) -> {
          side.fill(5000);
          FileChannel opened = side.open(READ, WRITE);
          side.other().lock(side.file());
          try {
            seen.is("lock", null, opened.tryLock());
            seen.is("lock", null, opened.tryLock(0, 10, true));
            // Advisory: it keeps no program from writing.
            seen.is("written", 4096, opened.write(ByteBuffer.wrap(Bytes.of(1, 4096))));
          } finally {
            side.other().unlock();
          }
          seen.holds("lock", opened.tryLock().isValid());
        });
    channel.add(
        "If shared is false but this channel was not opened for writing",
        (side, seen) -> {
          side.fill(5000);
          FileChannel reading = side.open(READ);
          FileChannel writing = side.open(WRITE);
          seen.fails(NonWritableChannelException.class, "lock", () -> reading.lock());
          seen.fails(NonWritableChannelException.class, "try", () -> reading.tryLock());
          seen.fails(NonReadableChannelException.class, "lock", () -> writing.lock(0, 1, true));
          seen.fails(NonReadableChannelException.class, "try", () -> writing.tryLock(0, 1, true));
        });
    channel.add(
        "The size of the locked region; must be non-negative, and the sum position",
        (side, seen) -> {
          FileChannel opened = side.open(createReadWrite());
          Class<IllegalArgumentException> illegal = IllegalArgumentException.class;
          seen.fails(illegal, "position", () -> opened.lock(-1, 10, false));
          seen.fails(illegal, "size", () -> opened.lock(0, -1, false));
          seen.fails(illegal, "sum", () -> opened.tryLock(10, Long.MAX_VALUE, false));
          seen.channel("channel", opened);
        });
    channel.add(
        "If the invoker's interrupt status is set when this method is invoked then that exception"
            + " will be thrown immediately; the thread's interrupt status will not be changed.",
        (side, seen) -> {
          FileChannel opened = side.open(createReadWrite());
          Thread.currentThread().interrupt();
          seen.fails(FileLockInterruptionException.class, "lock", () -> opened.lock());
          seen.holds("interrupted", Thread.interrupted());
          seen.channel("channel", opened); // Whether it is open is not said.
          seen.outcome("written", () -> opened.write(ByteBuffer.allocate(4096)));
        });
  }

  private static void waiting(Cases.Of channel) {
    channel.add(
        "An invocation of this method will block until the region can be locked, this channel is"
            + " closed, or the invoking thread is interrupted, whichever comes first.",
        (side, seen) -> {
          side.fill(5000);
          FileChannel opened = side.open(READ, WRITE);
          side.other().lock(side.file());
          Blocked blocked = Blocked.in(() -> opened.lock().isValid()).awaitLocking();
          seen.is("written", 4096, opened.write(ByteBuffer.wrap(Bytes.of(1, 4096)), 0));
          side.other().unlock();
          seen.is("locked", "true", blocked.outcome());
        });
    channel.add(
        "If this channel is closed by another thread during an invocation of this method then an"
            + " AsynchronousCloseException will be thrown.",
        (side, seen) -> {
          side.fill(5000);
          FileChannel opened = side.open(READ, WRITE);
          seen.is("written", 4096, opened.write(ByteBuffer.wrap(Bytes.of(1, 4096)), 0));
          side.other().lock(side.file());
          try {
            Blocked blocked = Blocked.in(() -> opened.lock().isValid()).awaitLocking();
            opened.close();
            seen.is("lock", "AsynchronousCloseException", blocked.outcome());
          } finally {
            side.other().unlock();
          }
        });
    channel.add(
        "If the invoking thread is interrupted while waiting to acquire the lock then its interrupt"
            + " status will be set and a FileLockInterruptionException will be thrown.",
        (side, seen) -> {
          side.fill(5000);
          FileChannel opened = side.open(READ, WRITE);
          side.other().lock(side.file());
          try {
            Blocked blocked = Blocked.in(() -> opened.lock().isValid()).awaitLocking();
            blocked.interrupt();
            seen.is("lock", "FileLockInterruptionException, interrupted", blocked.outcome());
          } finally {
            side.other().unlock();
          }
          seen.outcome("written", () -> opened.write(ByteBuffer.wrap(Bytes.of(1, 4096)), 0));
          seen.channel("channel", opened); // Whether it is open is not said.
        });
  }
}
