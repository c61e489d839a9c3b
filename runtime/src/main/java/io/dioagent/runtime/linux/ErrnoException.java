package io.dioagent.runtime.linux;

import io.dioagent.runtime.api.Errno;
import java.io.IOException;

/** A system call failed. */
public final class ErrnoException extends IOException {
  private static final long serialVersionUID = 1L;

  private final int errno;

  ErrnoException(String call, int errno) {
    super(call + ": " + Errno.message(errno));
    this.errno = errno;
  }

  /** Returns the errno, positive; see errno(3). */
  public int errno() {
    return errno;
  }

  /**
   * Returns the result of a system call, or throws if it is an errno.
   *
   * @param result of a system call: negative for an errno
   * @throws ErrnoException if it is negative
   */
  public static long check(String call, long result) throws ErrnoException {
    if (result < 0) {
      throw new ErrnoException(call, (int) -result);
    }
    return result;
  }
}
