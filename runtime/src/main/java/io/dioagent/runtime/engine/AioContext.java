package io.dioagent.runtime.engine;

/**
 * A queue of asynchronous writes, such as io_setup(2) makes. One thread submits at a time and one
 * thread reaps at a time; they may be two. Who hands the one part or the other on to another thread
 * does so by something that publishes safely.
 */
public interface AioContext extends AutoCloseable {
  /**
   * Whether a submission returns at once if each write has RWF_NOWAIT, so that a thread may submit
   * that must not get stuck. What would have to allocate answers EAGAIN, with every engine.
   *
   * <p>AIO's does not: aio_write() in fs/aio.c waits for a file system to thaw (sb_start_write)
   * before anybody looks at the flag, and file systems do not pass it on to the device's queue
   * (fs/iomap sets no REQ_NOWAIT), so that a full one is waited for. io_uring's does not either: it
   * tries for the thaw since Linux 6.12, but waits for the device's queue as AIO does. Where
   * threads of the engine's own write, submissions always return at once.
   */
  default boolean honoursNowait() {
    return false;
  }

  /**
   * Whether a write in flight ends only when the thread that submitted it gets to it: io_uring
   * posts a completion from task work of that thread, and has a write that must wait done by kernel
   * threads of that thread's own, few of them. Then a thread that leaves writes in flight behind
   * should not go on to another device, where it could get stuck.
   */
  default boolean endsOnSubmitter() {
    return false;
  }

  /**
   * Whether the kernel tells those who watch a file (inotify(7), fanotify(7)) of writes that it
   * does for this context, as it does for write(2). AIO's does not: fsnotify_modify() is called by
   * vfs_write() and by io_uring, and not by aio_write().
   */
  default boolean tellsWatchers() {
    return true;
  }

  /**
   * Hands writes to the kernel, as io_submit(2). What it would refuse may also end with a
   * completion that holds that error, EOPNOTSUPP for RWF_NOWAIT among them. May block, without a
   * way to interrupt it, unless each write has RWF_NOWAIT and that is honoured.
   *
   * @param first place of the first write in the batch's queue
   * @param count how many, at least 1
   * @return how many were taken, at least 1, or a negative errno that speaks of the first; -EAGAIN
   *     if there is no room before a completion is reaped
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
   * Whether what is in flight waits for threads of the engine's own that wait for a processor,
   * rather than for the device. Any thread may ask; not for each write.
   */
  default boolean waitsForThreads() {
    return false;
  }

  /** The system call by which writes get to the kernel, for messages. */
  default String submittingCall() {
    return "io_submit";
  }

  /**
   * Asks the kernel to cancel a write in flight, as io_cancel(2).
   *
   * @return 0 if no completion will come; else a negative errno, and one will come: -EINPROGRESS
   *     (being cancelled), -EINVAL (not in flight, or not to be cancelled, as all disk writes)
   */
  int cancel(Submissions batch, int slot);

  /**
   * Destroys the context, which nobody uses any more; waits until all that is in flight has ended.
   */
  @Override
  void close();
}
