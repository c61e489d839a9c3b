package io.dioagent.runtime.aio;

/**
 * A queue of asynchronous writes (io_setup(2)). One thread submits at a time and one thread reaps
 * at a time; they may be two.
 */
public interface AioContext extends AutoCloseable {
  /**
   * Whether a submission returns at once if each write has RWF_NOWAIT, so that a thread may submit
   * that must not get stuck.
   *
   * <p>AIO's does not: aio_write() in fs/aio.c waits for a file system to thaw (sb_start_write)
   * before anybody looks at the flag, and file systems do not pass it on to the device's queue
   * (fs/iomap sets no REQ_NOWAIT), so that a full one is waited for. What would have to allocate
   * answers EAGAIN.
   */
  default boolean honoursNowait() {
    return false;
  }

  /**
   * Hands writes to the kernel, as io_submit(2). May block, without a way to interrupt it, unless
   * each write has RWF_NOWAIT and that is honoured.
   *
   * @param first place of the first write in the batch's queue
   * @param count how many, at least 1
   * @return how many were taken, at least 1, or a negative errno that speaks of the first
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
   * Asks the kernel to cancel a write in flight, as io_cancel(2).
   *
   * @return 0 if no completion will come; else a negative errno, and one will come: -EINPROGRESS
   *     (being cancelled), -EINVAL (not in flight, or not to be cancelled, as all disk writes)
   */
  int cancel(Submissions batch, int slot);

  /** Destroys the context; waits until all that is in flight has ended. */
  @Override
  void close();
}
