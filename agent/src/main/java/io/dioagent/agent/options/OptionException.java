package io.dioagent.agent.options;

/**
 * Reports a wrong option. The message is one line: the option, its source, and the expected value.
 */
public final class OptionException extends Exception {
  private static final long serialVersionUID = 1L;

  OptionException(String message) {
    super(message);
  }
}
