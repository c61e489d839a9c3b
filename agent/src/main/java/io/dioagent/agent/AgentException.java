package io.dioagent.agent;

/** Why the agent does not start, in one line. */
public final class AgentException extends Exception {
  private static final long serialVersionUID = 1L;

  /** With nothing else to tell. */
  public AgentException(String message) {
    super(message);
  }

  /** With its cause, which the line already names. */
  public AgentException(String message, Throwable cause) {
    super(message, cause);
  }
}
