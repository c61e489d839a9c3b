package io.dioagent.agent.options;

/** An option that is wrong. The message is one line: what, where it came from, what is expected. */
public final class OptionException extends Exception {
  private static final long serialVersionUID = 1L;

  OptionException(String message) {
    super(message);
  }
}
