package io.dioagent.agent.weave;

/** Thrown if a class of the JDK lacks an expected method, or cannot be woven. */
public final class WeavingException extends Exception {
  private static final long serialVersionUID = 1L;

  WeavingException(String message, Throwable cause) {
    super(message, cause);
  }
}
