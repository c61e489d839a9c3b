package io.dioagent.runtime.engine;

/** The kernel grants no context of an engine. The message has the reason and the remedy. */
public final class AioUnavailableException extends Exception {
  private static final long serialVersionUID = 1L;

  private final int errno;

  public AioUnavailableException(int errno, String message) {
    super(message);
    this.errno = errno;
  }

  /** Returns the errno, positive; EAGAIN means that a later try may succeed. */
  public int errno() {
    return errno;
  }
}
