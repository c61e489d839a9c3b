package io.dioagent.runtime.aio;

import io.dioagent.runtime.Errno;
import io.dioagent.runtime.linux.CMemory;
import io.dioagent.runtime.linux.Linux;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Writes that are done by threads, in the order of submission as they become free. Any thread may
 * call. Everything is guarded by the lock, which is never held during a system call or while a
 * thread is started; a {@link Write} between {@link #pending} and {@link #ended} belongs to the
 * thread that does it.
 */
final class PwriteContext implements AioContext {
  // struct iovec { void *iov_base; size_t iov_len; };
  private static final int IOVEC_BYTES = 16;
  private static final int IOVEC_LENGTH = 8;

  private final Executor executor;

  /** One permit for each thread beyond the first. */
  private final Semaphore moreThreads;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition oneEnded = lock.newCondition();
  private final CMemory iovecs;

  /** Not in flight. */
  private final ArrayDeque<Write> free;

  private final ArrayDeque<Write> pending;

  /** In flight as far as the caller knows. */
  private final ArrayDeque<Write> ended;

  /** Pending or being done. */
  private int undone;

  /** Threads that do writes, or are about to. Those beyond the first have a permit. */
  private int threads;

  private final List<Worker> workers = new ArrayList<>();

  PwriteContext(int depth, Executor executor, Semaphore moreThreads) {
    this.executor = executor;
    this.moreThreads = moreThreads;
    iovecs = new CMemory(depth * IOVEC_BYTES);
    free = new ArrayDeque<>(depth);
    pending = new ArrayDeque<>(depth);
    ended = new ArrayDeque<>(depth);
    for (int i = 0; i < depth; i++) {
      free.addLast(new Write(i * IOVEC_BYTES));
    }
  }

  /** A place for one write in flight. */
  private final class Write {
    /** Of its struct iovec. */
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
      // To pwritev2 -1 is the descriptor's own offset; to AIO it is an error, as any below 0.
      result =
          offset < 0
              ? -Errno.EINVAL
              : Linux.pwritev2(fd, iovecs.address() + iovecAt, 1, offset, rwFlags);
      if (Linux.isMissing(result)) {
        // A filter that came later has the older call; and if it is the file, that says so.
        result =
            rwFlags != 0
                ? -Errno.EOPNOTSUPP
                : Linux.pwritev(fd, iovecs.address() + iovecAt, 1, offset);
      }
    }
  }

  /** True: the caller only puts the writes into a queue. */
  @Override
  public boolean honoursNowait() {
    return true;
  }

  @Override
  public int submit(Submissions batch, int first, int count) {
    int taken = 0;
    List<Worker> wanted = List.of();
    lock.lock();
    try {
      while (taken < count && !free.isEmpty()) {
        Write write = free.pollLast();
        write.set(batch, batch.slot(first + taken++));
        pending.addLast(write);
        undone++;
      }
      while (threads < undone && (threads == 0 || moreThreads.tryAcquire())) {
        threads++;
        wanted = wanted.isEmpty() ? new ArrayList<>() : wanted;
        wanted.add(new Worker());
      }
      workers.addAll(wanted);
    } finally {
      lock.unlock();
    }
    for (int i = 0; i < wanted.size(); i++) {
      try {
        executor.execute(wanted.get(i));
      } catch (OutOfMemoryError e) {
        // The process can have no more threads now.
        taken -= withdraw(wanted.subList(i, wanted.size()), taken);
        break;
      }
    }
    return taken > 0 ? taken : -Errno.EAGAIN;
  }

  /**
   * Threads could not be started.
   *
   * @return how many of the writes last submitted are taken back: none, if a thread will do them
   */
  private int withdraw(List<Worker> notStarted, int submitted) {
    lock.lock();
    try {
      workers.removeAll(notStarted);
      for (int i = 0; i < notStarted.size(); i++) {
        threadEnds();
      }
      int back = 0;
      while (threads == 0 && back < submitted && !pending.isEmpty()) {
        free.addLast(pending.pollLast());
        undone--;
        back++;
      }
      return back;
    } finally {
      lock.unlock();
    }
  }

  /** Under the lock. */
  private void threadEnds() {
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
    List<Worker> all;
    lock.lock();
    try {
      all = List.copyOf(workers);
    } finally {
      lock.unlock();
    }
    return all.stream().anyMatch(Worker::waitsForProcessor);
  }

  /** What one thread does: writes, until there are no more. */
  private final class Worker implements Runnable {
    /** Null if it is not known. */
    private volatile KernelThread thread;

    private volatile boolean begun;

    boolean waitsForProcessor() {
      return !begun || (thread != null && thread.isRunnable());
    }

    @Override
    public void run() {
      thread = SyscallThreads.current();
      begun = true;
      for (Write next = nextAfter(this, null); next != null; next = nextAfter(this, next)) {
        next.run();
      }
    }
  }

  /** Ends a write, and answers the next one; null if there is none, and the thread goes. */
  private Write nextAfter(Worker worker, Write done) {
    lock.lock();
    try {
      if (done != null) {
        undone--;
        ended.addLast(done);
        oneEnded.signalAll();
      }
      Write next = pending.pollFirst();
      if (next == null) {
        workers.remove(worker);
        threadEnds();
      }
      return next;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public int reap(Completions batch, int min, long timeoutNanos) {
    lock.lock();
    try {
      awaitEnded(Math.min(min, batch.capacity()), timeoutNanos);
      int count = 0;
      for (Write write; count < batch.capacity() && (write = ended.pollFirst()) != null; count++) {
        batch.set(count, write.data, write.result);
        free.addLast(write);
      }
      return count;
    } finally {
      lock.unlock();
    }
  }

  /** Under the lock. An interrupt does not end it. */
  private void awaitEnded(int wanted, long timeoutNanos) {
    long left = timeoutNanos;
    boolean interrupted = false;
    while (ended.size() < wanted && left > 0) {
      long before = System.nanoTime();
      try {
        left = oneEnded.awaitNanos(left);
      } catch (InterruptedException e) {
        interrupted = true;
        left -= System.nanoTime() - before;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** A thread may have it already; it is not asked. */
  @Override
  public int cancel(Submissions batch, int slot) {
    return -Errno.EINVAL;
  }

  @Override
  public void close() {
    lock.lock();
    try {
      while (undone > 0) {
        awaitEnded(ended.size() + 1, TimeUnit.DAYS.toNanos(1));
      }
    } finally {
      lock.unlock();
    }
    iovecs.close();
  }
}
