package io.dioagent.bench;

/** Arguments that cannot be followed; the message is the one line the user sees. */
final class UsageException extends Exception {
  private static final long serialVersionUID = 1L;

  UsageException(String message) {
    super(message);
  }
}
