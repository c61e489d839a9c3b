package io.dioagent.agent;

/** The reason why the agent does not start or stop, in one line. */
public final class AgentException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Has no cause. */
  public AgentException(String message) {
    super(message);
  }

  /** Has a cause, which the message already names. */
  public AgentException(String message, Throwable cause) {
    super(message, cause);
  }
}
