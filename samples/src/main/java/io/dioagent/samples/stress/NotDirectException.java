package io.dioagent.samples.stress;

/** Thrown if a file does not support direct I/O, which was required. */
public final class NotDirectException extends Exception {
  private static final long serialVersionUID = 1L;

  NotDirectException(String message) {
    super(message);
  }
}
