package io.dioagent.agent.weave;

/** The JDK's classes are not such as this agent knows. */
public final class WeavingException extends Exception {
  private static final long serialVersionUID = 1L;

  WeavingException(String message, Throwable cause) {
    super(message, cause);
  }
}
