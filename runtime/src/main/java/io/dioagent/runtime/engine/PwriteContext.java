package io.dioagent.runtime.engine;

import io.dioagent.runtime.api.Errno;
import io.dioagent.runtime.base.HeapSpace;
import io.dioagent.runtime.linux.CMemory;
import io.dioagent.runtime.linux.Linux;
import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Does writes by threads, in the order of submission as threads become free. Any thread may call.
 * Everything is guarded by the monitor, which is never held during a system call or while a thread
 * is started. A {@link Write} between {@link #pending} and {@link #ended} belongs to the thread
 * that does it.
 *
 * <p>All memory is allocated with the context, in queues that never grow: with a full heap each
 * write still ends.
 */
final class PwriteContext implements AioContext {
  // struct iovec { void *iov_base; size_t iov_len; };
  private static final int IOVEC_BYTES = 16;
  private static final int IOVEC_LENGTH = 8;

  private final Executor executor;

  /** One permit for each thread beyond the first. */
  private final Semaphore moreThreads;

  private final CMemory iovecs;

  /** Writes that are not in flight. */
  private final ArrayDeque<Write> free;

  private final ArrayDeque<Write> pending;

  /** Writes that are done, and still in flight from the caller's view. */
  private final ArrayDeque<Write> ended;

  /** Count of writes that are pending or being done. */
  private int undone;

  /** Threads that do writes, or are about to. Those beyond the first have a permit. */
  private int threads;

  /** Workers without a thread. */
  private final ArrayDeque<Worker> idle;

  /** Workers with a thread, or about to have one. */
  private final ArrayDeque<Worker> busy;

  PwriteContext(int depth, Executor executor, Semaphore moreThreads) {
    this.executor = executor;
    this.moreThreads = moreThreads;
    iovecs = new CMemory(depth * IOVEC_BYTES);
    free = new ArrayDeque<>(depth);
    pending = new ArrayDeque<>(depth);
    ended = new ArrayDeque<>(depth);
    idle = new ArrayDeque<>(depth);
    busy = new ArrayDeque<>(depth);
    for (int i = 0; i < depth; i++) {
      free.addLast(new Write(i * IOVEC_BYTES));
      idle.addLast(new Worker());
    }
  }

  /** A place for one write in flight. */
  private final class Write {
    /** Address of its struct iovec. */
    private final int iovecAt;

    private int fd;
    private long offset;
    private int rwFlags;
    private long data;
    private long result;

    Write(int iovecAt) {
      this.iovecAt = iovecAt;
    }

    void set(Submissions batch, int slot) {
      fd = batch.fd(slot);
      offset = batch.offset(slot);
      rwFlags = batch.rwFlags(slot);
      data = batch.data(slot);
      iovecs.bytes().putLong(iovecAt, batch.bufferAddress(slot));
      iovecs.bytes().putLong(iovecAt + IOVEC_LENGTH, batch.lengthBytes(slot));
    }

    void run() {
      try {
        result = write();
      } catch (OutOfMemoryError e) {
        result = -Errno.ENOMEM; // Set before the system call, which itself needs no heap.
      }
    }

    private long write() {
      if (offset < 0) {
        // For pwritev2, -1 is the descriptor's own offset; for AIO it is an error.
        return -Errno.EINVAL;
      }
      long written = Linux.pwritev2(fd, iovecs.address() + iovecAt, 1, offset, rwFlags);
      if (!Linux.isMissing(written)) {
        return written;
      }
      // A filter installed later has the older call. If the file is the reason, that call fails
      // too.
      return rwFlags != 0
          ? -Errno.EOPNOTSUPP
          : Linux.pwritev(fd, iovecs.address() + iovecAt, 1, offset);
    }
  }

  /** Returns true: the caller only puts the writes into a queue. */
  @Override
  public boolean honoursNowait() {
    return true;
  }

  @Override
  public int submit(Submissions batch, int first, int count) {
    int taken = 0;
    Worker wanted = null;
    synchronized (this) {
      while (taken < count && !free.isEmpty()) {
        Write write = free.pollLast();
        write.set(batch, batch.slot(first + taken++));
        pending.addLast(write);
        undone++;
      }
      while (threads < undone && (threads == 0 || moreThreads.tryAcquire())) {
        threads++;
        Worker worker = idle.pollLast();
        busy.addLast(worker);
        worker.isToStart(wanted);
        wanted = worker;
      }
    }
    while (wanted != null) {
      // Read first: once it runs, the worker may be queued again.
      Worker following = wanted.following;
      boolean started = false;
      try {
        executor.execute(wanted);
        started = true;
      } catch (OutOfMemoryError e) {
        break; // The process can have no more threads now.
      } finally {
        if (!started) {
          taken -= withdraw(wanted, taken);
        }
      }
      wanted = following;
    }
    return taken > 0 ? taken : -Errno.EAGAIN;
  }

  /**
   * Handles threads that could not be started.
   *
   * @param first of the linked workers without a thread
   * @return how many of the last submitted writes are taken back: none, if a thread will do them
   */
  private synchronized int withdraw(Worker first, int submitted) {
    for (Worker worker = first; worker != null; worker = worker.following) {
      threadEnds(worker);
    }
    int back = 0;
    while (threads == 0 && back < submitted && !pending.isEmpty()) {
      free.addLast(pending.pollLast());
      undone--;
      back++;
    }
    return back;
  }

  /** The caller holds the monitor. */
  private void threadEnds(Worker worker) {
    busy.remove(worker);
    idle.addLast(worker);
    threads--;
    if (threads > 0) {
      moreThreads.release();
    }
  }

  @Override
  public String submittingCall() {
    return "pwritev2";
  }

  @Override
  public boolean waitsForThreads() {
    try {
      for (Worker worker : nowBusy()) {
        if (worker.waitsForProcessor()) {
          return true;
        }
      }
      return false;
    } catch (OutOfMemoryError e) {
      return true; // A full heap is not the device's fault.
    }
  }

  private synchronized Worker[] nowBusy() {
    return busy.toArray(new Worker[0]);
  }

  /** The task of one thread: does writes until there are no more. */
  private final class Worker implements Runnable {
    /** Null if it is not known. */
    private volatile KernelThread thread;

    private volatile boolean begun;

    /** The next worker to be started. Used by the submitting thread. */
    private Worker following;

    void isToStart(Worker next) {
      following = next;
      thread = null;
      begun = false;
    }

    boolean waitsForProcessor() {
      KernelThread known = thread;
      return !begun || (known == null ? HeapSpace.isScarce() : !known.isHeldByKernel());
    }

    @Override
    public void run() {
      thread = knownThread();
      begun = true;
      for (Write next = nextAfter(this, null); next != null; next = nextAfter(this, next)) {
        next.run();
      }
    }

    private static KernelThread knownThread() {
      try {
        return SyscallThreads.current();
      } catch (OutOfMemoryError e) {
        return null;
      }
    }
  }

  /** Ends a write, and returns the next one; null if there is none, and the thread ends. */
  private synchronized Write nextAfter(Worker worker, Write done) {
    if (done != null) {
      undone--;
      ended.addLast(done);
      notifyAll();
    }
    Write next = pending.pollFirst();
    if (next == null) {
      threadEnds(worker);
    }
    return next;
  }

  @Override
  public synchronized int reap(Completions batch, int min, long timeoutNanos) {
    awaitEnded(Math.min(min, batch.capacity()), timeoutNanos);
    int count = 0;
    for (Write write; count < batch.capacity() && (write = ended.pollFirst()) != null; count++) {
      batch.set(count, write.data, write.result);
      free.addLast(write);
    }
    return count;
  }

  /** Waits for completions; an interrupt does not end the wait. The caller holds the monitor. */
  private void awaitEnded(int wanted, long timeoutNanos) {
    long until = System.nanoTime() + timeoutNanos;
    boolean interrupted = false;
    for (long left = timeoutNanos; ended.size() < wanted && left > 0; ) {
      try {
        TimeUnit.NANOSECONDS.timedWait(this, left);
      } catch (InterruptedException | OutOfMemoryError e) {
        interrupted = true; // The JVM had no heap for the InterruptedException.
      }
      left = until - System.nanoTime();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Returns EINVAL: a thread may have the write already. */
  @Override
  public int cancel(Submissions batch, int slot) {
    return -Errno.EINVAL;
  }

  @Override
  public void close() {
    synchronized (this) {
      while (undone > 0) {
        awaitEnded(ended.size() + 1, TimeUnit.DAYS.toNanos(1));
      }
    }
    iovecs.close();
  }
}
