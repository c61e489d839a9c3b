package io.dioagent.agent.cli;

/** Why a command failed, in one line. */
public final class CommandException extends Exception {
  private static final long serialVersionUID = 1L;

  CommandException(String message, Throwable cause) {
    super(message, cause);
  }
}
