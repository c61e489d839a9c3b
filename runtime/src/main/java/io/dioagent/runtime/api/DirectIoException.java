package io.dioagent.runtime.api;

import java.io.IOException;

/** A write or a read ended with an error. The message holds everything known about it. */
public final class DirectIoException extends IOException {
  private static final long serialVersionUID = 1L;

  private final int errno;

  /** Makes an exception with a positive errno. */
  public DirectIoException(int errno, String message) {
    super(message);
    this.errno = errno;
  }

  /** The errno, positive; see errno(3). */
  public int errno() {
    return errno;
  }

  /**
   * Returns the errno that a failure carries; ECANCELED, which no device returns, if it carries
   * none.
   */
  public static int errnoOf(IOException failure) {
    if (failure instanceof DirectIoException details) {
      return details.errno;
    }
    return failure.getCause() instanceof DirectIoException details
        ? details.errno
        : Errno.ECANCELED;
  }
}
