package io.dioagent.runtime.api;

import java.io.IOException;

/** A write or a read that ended with an error, with everything known about it in its message. */
public final class DirectIoException extends IOException {
  private static final long serialVersionUID = 1L;

  private final int errno;

  public DirectIoException(int errno, String message) {
    super(message);
    this.errno = errno;
  }

  /** The errno, positive; see errno(3). */
  public int errno() {
    return errno;
  }

  /** Of a failure: the errno that it carries, or ECANCELED, which no device says, for none. */
  public static int errnoOf(IOException failure) {
    if (failure instanceof DirectIoException details) {
      return details.errno;
    }
    return failure.getCause() instanceof DirectIoException details
        ? details.errno
        : Errno.ECANCELED;
  }
}
