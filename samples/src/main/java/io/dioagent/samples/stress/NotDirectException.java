package io.dioagent.samples.stress;

/** A file cannot go direct, and it was demanded. */
public final class NotDirectException extends Exception {
  private static final long serialVersionUID = 1L;

  NotDirectException(String message) {
    super(message);
  }
}
