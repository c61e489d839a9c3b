package io.dioagent.agent.cli;

/** The reason why a command failed, in one line. */
public final class CommandException extends Exception {
  private static final long serialVersionUID = 1L;

  CommandException(String message, Throwable cause) {
    super(message, cause);
  }
}
