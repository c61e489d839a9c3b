package io.dioagent.runtime.engine;

/** The kernel gives no context of an engine's. The message says why, and what to do. */
public final class AioUnavailableException extends Exception {
  private static final long serialVersionUID = 1L;

  private final int errno;

  public AioUnavailableException(int errno, String message) {
    super(message);
    this.errno = errno;
  }

  /** Positive; EAGAIN means that it may work later. */
  public int errno() {
    return errno;
  }
}
