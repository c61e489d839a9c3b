package io.dioagent.runtime.file;

import io.dioagent.runtime.api.Errno;
import io.dioagent.runtime.async.LaneWrite;
import io.dioagent.runtime.queue.QueuedWrite;
import io.dioagent.runtime.write.DirectTransfer;

/**
 * What the engine's answer about one direct I/O means. The one place that decides what an errno
 * means; the users are {@link DirectTransfer}, {@link LaneWrite} and {@link QueuedWrite}.
 *
 * <pre>
 * completion                  outcome        kernel source
 * 1 to the length asked for   WROTE
 * 0                           NOTHING        iomap_dio_rw, generic_file_direct_write: left to the
 *                                            page cache
 * more than was asked for     IMPOSSIBLE     no path returns it
 * EAGAIN, with NOWAIT         WOULD_WAIT     ext4_dio_write_iter, xfs_ilock_for_iomap, BLK_STS_AGAIN
 * EOPNOTSUPP, with NOWAIT     NO_NOWAIT      kiocb_set_rw_flags, as pwritev2(2) and io_uring return
 *                                            it; io_rw_init_file
 * EINVAL                      NOT_DIRECT     iomap_dio_bio_iter, blkdev_dio_invalid: alignment;
 *                                            FUSE, overlayfs: no direct I/O after all
 * EINTR                       INTERRUPTED    ERESTARTSYS before the first byte, which aio_rw_done
 *                                            and io_uring turn into EINTR; with threads, pwritev2(2)
 * any other                   FAILED         the device's or the file system's error
 *
 * refusal                     outcome        kernel source
 * EOPNOTSUPP, with NOWAIT     NO_NOWAIT      kiocb_set_rw_flags, called by aio_prep_rw
 * EAGAIN                      REFUSED        io_submit_one, io_uring_enter: no room, in spite of
 *                                            Lane's tries
 * ENOMEM, EINVAL, EOPNOTSUPP  REFUSED        io_submit_one, rw_verify_area: not this way
 * EPERM, EACCES, ENOSYS       REFUSED        seccomp(2), or a security module in rw_verify_area
 * ECANCELED                   WITHDRAWN      none: Lane.dropQueued did not hand it over
 * any other                   FAILED         EBADF, EFAULT
 *
 * outcome       written       what is done with the piece
 * WROTE         that many     the rest, if there is one, goes on: direct, or buffered if unaligned
 * NOTHING       no byte       goes through the page cache
 * WOULD_WAIT    no byte       is written by a thread that may wait, without NOWAIT
 * NO_NOWAIT     no byte       the same, and NOWAIT is not tried with this file again
 * INTERRUPTED   no byte       is issued again by a thread that may wait, as the JDK does
 * NOT_DIRECT    no byte       goes through the page cache, and so do the file's later writes unless
 *                             one has gone direct before
 * REFUSED       no byte       goes through the page cache, where the kernel answers for the file
 * WITHDRAWN     no byte       is written by a thread that may wait, if its caller is still there
 * FAILED        unknown       the write ends with the errno
 * IMPOSSIBLE    unknown       the write ends with an error that says so; logged once
 * </pre>
 *
 * <p>Once the caller was released nothing is issued any more: what is untouched is then FAILED, and
 * its errno is in the late event.
 */
public enum PieceOutcome {
  WROTE,
  NOTHING,
  WOULD_WAIT,
  NO_NOWAIT,
  INTERRUPTED,
  NOT_DIRECT,
  REFUSED,
  WITHDRAWN,
  FAILED,
  IMPOSSIBLE;

  /**
   * Of a completion.
   *
   * @param result bytes, or a negative errno
   * @param nowait whether the I/O had RWF_NOWAIT
   * @param lengthBytes of the I/O, at least 1
   * @param released whether the caller was released, so that nothing more may be issued
   */
  public static PieceOutcome ofCompletion(
      long result, boolean nowait, long lengthBytes, boolean released) {
    if (result > lengthBytes) {
      return IMPOSSIBLE;
    }
    if (result > 0) {
      return WROTE;
    }
    PieceOutcome outcome = result == 0 ? NOTHING : ofErrno((int) -result, nowait);
    return released && outcome.isUntouched() ? FAILED : outcome;
  }

  private static PieceOutcome ofErrno(int errno, boolean nowait) {
    return switch (errno) {
      case Errno.EAGAIN -> nowait ? WOULD_WAIT : FAILED;
      case Errno.EOPNOTSUPP -> nowait ? NO_NOWAIT : FAILED;
      case Errno.EINVAL -> NOT_DIRECT;
      case Errno.EINTR -> INTERRUPTED;
      default -> FAILED;
    };
  }

  /**
   * Of a submission that the engine did not take.
   *
   * @param errno positive
   * @param nowait whether the I/O had RWF_NOWAIT
   */
  public static PieceOutcome ofRefusal(int errno, boolean nowait) {
    return switch (errno) {
      case Errno.EOPNOTSUPP -> nowait ? NO_NOWAIT : REFUSED;
      case Errno.EAGAIN, Errno.EINVAL, Errno.ENOMEM, Errno.EPERM, Errno.EACCES, Errno.ENOSYS ->
          REFUSED;
      case Errno.ECANCELED -> WITHDRAWN;
      default -> FAILED;
    };
  }

  /** Whether no byte was written and there is another way to write them. */
  public boolean isUntouched() {
    return this != WROTE && this != FAILED && this != IMPOSSIBLE;
  }
}
