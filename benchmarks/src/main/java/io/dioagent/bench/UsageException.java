package io.dioagent.bench;

/** Thrown for wrong arguments; the message is one line for the user. */
final class UsageException extends Exception {
  private static final long serialVersionUID = 1L;

  UsageException(String message) {
    super(message);
  }
}
