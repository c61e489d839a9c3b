package io.dioagent.runtime.engine;

/**
 * A queue of asynchronous writes, such as io_setup(2) makes. One thread submits at a time and one
 * thread reaps at a time; they may differ. A thread that hands over either role must publish
 * safely.
 */
public interface AioContext extends AutoCloseable {
  /**
   * Returns whether a submission returns at once if each write has RWF_NOWAIT. Then a thread that
   * must not get stuck may submit. With every engine, a write that would have to allocate fails
   * with EAGAIN.
   *
   * <p>AIO does not: aio_write() in fs/aio.c waits for a file system to thaw (sb_start_write)
   * before the flag is checked. File systems do not pass the flag on to the device's queue
   * (fs/iomap sets no REQ_NOWAIT), so the submission waits for a full queue. io_uring does not
   * either: since Linux 6.12 it does not wait for the thaw, but it waits for the device's queue as
   * AIO does. If the engine's own threads write, submissions always return at once.
   */
  default boolean honoursNowait() {
    return false;
  }

  /**
   * Returns whether a write in flight ends only when its submitting thread processes it. io_uring
   * posts a completion from task work of that thread. It leaves a write that must wait to kernel
   * threads of that thread, which are few. Then a thread that leaves writes in flight should not go
   * on to another device, where it could get stuck.
   */
  default boolean endsOnSubmitter() {
    return false;
  }

  /**
   * Returns whether the kernel notifies watchers of a file (inotify(7), fanotify(7)) of this
   * context's writes, as it does for write(2). AIO does not: vfs_write() and io_uring call
   * fsnotify_modify(), and aio_write() does not.
   */
  default boolean notifiesWatchers() {
    return true;
  }

  /**
   * Hands writes to the kernel, as io_submit(2). A write that the kernel would refuse may instead
   * end with a completion that holds the error, including EOPNOTSUPP for RWF_NOWAIT. May block,
   * without a way to interrupt it, unless each write has RWF_NOWAIT and the context honours it.
   *
   * @param first place of the first write in the batch's queue
   * @param count how many, at least 1
   * @return how many were accepted, at least 1, or a negative errno for the first write; -EAGAIN if
   *     there is no room before a completion is reaped
   */
  int submit(Submissions batch, int first, int count);

  /**
   * Waits for completions, as io_getevents(2).
   *
   * @param min how many to wait for
   * @param timeoutNanos how long, at least 0
   * @return how many came, 0 at a time-out, or a negative errno (-EINTR on a signal)
   */
  int reap(Completions batch, int min, long timeoutNanos);

  /**
   * Returns whether the writes in flight wait for the engine's own threads to get a processor,
   * rather than for the device. Any thread may call; not for each write.
   */
  default boolean waitsForThreads() {
    return false;
  }

  /** Returns the system call that hands writes to the kernel, for messages. */
  default String submittingCall() {
    return "io_submit";
  }

  /**
   * Asks the kernel to cancel a write in flight, as io_cancel(2).
   *
   * @return 0 if no completion will come; otherwise a negative errno, and a completion will come:
   *     -EINPROGRESS (being cancelled), -EINVAL (not in flight, or not cancellable, as all disk
   *     writes)
   */
  int cancel(Submissions batch, int slot);

  /**
   * Destroys the context, which no thread may use any more; waits until all writes in flight have
   * ended.
   */
  @Override
  void close();
}
