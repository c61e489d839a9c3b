package io.dioagent.runtime.engine;

import io.dioagent.runtime.api.Errno;
import io.dioagent.runtime.linux.CMemory;
import io.dioagent.runtime.linux.Linux;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;

/**
 * One io_uring.
 *
 * <pre>
 * index          written by             read by
 * sq tail        submitter, release     kernel, inside the submitter's io_uring_enter
 * sq head        kernel, there, too     submitter, acquire
 * cq tail        kernel, release        reaper, acquire: what lies before it is written
 * cq head        reaper, release        kernel; submitter, acquire: what lies before it is read
 * </pre>
 *
 * <p>So the submitting thread and the reaping thread share only the cq head. The submitter may see
 * an older value, and then takes the ring to be fuller than it is. A thread that takes over either
 * role gets it by a safe publication, as AioContext demands. No kernel thread polls the ring
 * (IORING_SETUP_SQPOLL). So the kernel reads the submissions only while the submitter is inside
 * io_uring_enter, and the submitter may take back those that remain.
 *
 * <p>The ring of completions cannot overflow: no more is submitted than it has room for.
 */
final class UringContext implements AioContext {
  private static final VarHandle INDEX =
      MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());

  static final int ETIME = 62;
  static final int EBUSY = 16;

  private final int fd;
  private final long ringsAddress;
  private final ByteBuffer rings;
  private final long entriesAddress;
  private final ByteBuffer entries;
  private final int sqEntries;
  private final int cqEntries;
  private final int sqHead;
  private final int sqTail;
  private final int cqHead;
  private final int cqTail;
  private final int cqes;

  /**
   * How many submissions the kernel has accepted, modulo 2^32: the sq tail. Used by the submitter.
   */
  private int submitted;

  /** The time-out of io_uring_enter. Used by the reaper. */
  private final CMemory argument =
      new CMemory(UringLayout.ARGUMENT_BYTES + UringLayout.TIMESPEC_BYTES);

  /**
   * Takes a ring over.
   *
   * @param parameters struct io_uring_params as the kernel filled it
   */
  UringContext(int fd, ByteBuffer parameters, long ringsAddress, long entriesAddress) {
    this.fd = fd;
    this.ringsAddress = ringsAddress;
    this.entriesAddress = entriesAddress;
    rings = Linux.view(ringsAddress, UringLayout.ringsBytes(parameters));
    entries = Linux.view(entriesAddress, UringLayout.entriesBytes(parameters));
    sqEntries = parameters.getInt(UringLayout.SQ_ENTRIES);
    cqEntries = parameters.getInt(UringLayout.CQ_ENTRIES);
    sqHead = parameters.getInt(UringLayout.SQ_OFFSETS + UringLayout.HEAD);
    sqTail = parameters.getInt(UringLayout.SQ_OFFSETS + UringLayout.TAIL);
    cqHead = parameters.getInt(UringLayout.CQ_OFFSETS + UringLayout.HEAD);
    cqTail = parameters.getInt(UringLayout.CQ_OFFSETS + UringLayout.TAIL);
    cqes = parameters.getInt(UringLayout.CQ_OFFSETS + UringLayout.COMPLETIONS);
    int array = parameters.getInt(UringLayout.SQ_OFFSETS + UringLayout.ARRAY);
    for (int i = 0; i < sqEntries; i++) {
      rings.putInt(array + i * Integer.BYTES, i);
    }
    argument
        .bytes()
        .putLong(UringLayout.ARGUMENT_TIMESPEC, argument.address() + UringLayout.ARGUMENT_BYTES);
  }

  private int acquire(int at) {
    return (int) INDEX.getAcquire(rings, at);
  }

  private void release(int at, int value) {
    INDEX.setRelease(rings, at, value);
  }

  /** Returns the number of completions that have not been read. */
  private int unread() {
    return submitted - acquire(cqHead);
  }

  /** Returns true: a write in flight ends through task work of its submitting thread. */
  @Override
  public boolean endsOnSubmitter() {
    return true;
  }

  @Override
  public String submittingCall() {
    return "io_uring_enter";
  }

  @Override
  public int submit(Submissions batch, int first, int count) {
    int room = Math.min(Math.min(count, sqEntries), cqEntries - unread());
    if (room <= 0) {
      return -Errno.EAGAIN;
    }
    int before = submitted;
    for (int i = 0; i < room; i++) {
      int slot = batch.slot(first + i);
      if (batch.offset(slot) < 0) {
        // For io_uring, -1 is the descriptor's own offset; for AIO it is an error, as any below 0.
        if (i == 0) {
          return -Errno.EINVAL;
        }
        room = i;
      } else {
        put(before + i & sqEntries - 1, batch, slot);
      }
    }
    release(sqTail, before + room);
    long result = Linux.ioUringEnter(fd, room, 0, 0, 0, 0);
    submitted = acquire(sqHead);
    // Entries that the kernel left there belong to the caller again.
    release(sqTail, submitted);
    int taken = submitted - before;
    if (taken > 0) {
      return taken;
    }
    return result == -EBUSY || result >= 0 ? -Errno.EAGAIN : (int) result;
  }

  private void put(int index, Submissions batch, int slot) {
    int at = index * UringLayout.ENTRY_BYTES;
    entries.put(at + UringLayout.OPCODE, UringLayout.OP_WRITE);
    entries.putInt(at + UringLayout.FD, batch.fd(slot));
    entries.putLong(at + UringLayout.OFFSET, batch.offset(slot));
    entries.putLong(at + UringLayout.BUFFER, batch.bufferAddress(slot));
    entries.putInt(at + UringLayout.LENGTH, (int) batch.lengthBytes(slot));
    entries.putInt(at + UringLayout.RW_FLAGS, batch.rwFlags(slot));
    entries.putLong(at + UringLayout.DATA, batch.data(slot));
  }

  @Override
  public int reap(Completions batch, int min, long timeoutNanos) {
    int wanted = Math.min(min, batch.capacity());
    long result = 0;
    if (available() < wanted && timeoutNanos > 0) {
      result = await(wanted, timeoutNanos);
    }
    int head = acquire(cqHead);
    int count = Math.min(available(), batch.capacity());
    for (int i = 0; i < count; i++) {
      int at = cqes + (head + i & cqEntries - 1) * UringLayout.COMPLETION_BYTES;
      batch.set(
          i,
          rings.getLong(at + UringLayout.COMPLETION_DATA),
          rings.getInt(at + UringLayout.COMPLETION_RESULT));
    }
    release(cqHead, head + count);
    boolean justNothing = result >= 0 || result == -ETIME || result == -Errno.EAGAIN;
    return count > 0 || justNothing ? count : (int) result;
  }

  private int available() {
    return acquire(cqTail) - acquire(cqHead);
  }

  private long await(int wanted, long timeoutNanos) {
    ByteBuffer bytes = argument.bytes();
    long seconds = TimeUnit.NANOSECONDS.toSeconds(timeoutNanos);
    bytes.putLong(UringLayout.ARGUMENT_BYTES + UringLayout.TIMESPEC_SECONDS, seconds);
    bytes.putLong(
        UringLayout.ARGUMENT_BYTES + UringLayout.TIMESPEC_NANOS,
        timeoutNanos - TimeUnit.SECONDS.toNanos(seconds));
    return Linux.ioUringEnter(
        fd,
        0,
        wanted,
        UringLayout.ENTER_GETEVENTS | UringLayout.ENTER_EXT_ARG,
        argument.address(),
        UringLayout.ARGUMENT_BYTES);
  }

  /** Returns EINVAL without a system call: the kernel can cancel no write to a disk. */
  @Override
  public int cancel(Submissions batch, int slot) {
    return -Errno.EINVAL;
  }

  /** Waits for the writes first, because closing a ring does not. */
  @Override
  public void close() {
    while (available() < unread()) {
      long result = Linux.ioUringEnter(fd, 0, unread(), UringLayout.ENTER_GETEVENTS, 0, 0);
      if (result < 0 && result != -Errno.EINTR) {
        throw new IllegalStateException(
            "io_uring_enter says " + Errno.name((int) -result) + " with writes in flight");
      }
    }
    Linux.unmapMemory(entriesAddress, entries.capacity());
    Linux.unmapMemory(ringsAddress, rings.capacity());
    Linux.close(fd);
    argument.close();
  }
}
